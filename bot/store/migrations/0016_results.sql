-- What became of learning: marks and results, the ledger of turns (lượt) and hours, certificates, targets of hours.
create table training_records (            -- append-only: a correction ends a row and writes another (R08, R09, R15)
    id integer primary key,
    key text not null,                     -- whose turn of what: the same turn is never told twice
    person_id integer references people(id), -- null: the list names somebody who is not of the HR list
    code text not null default '',         -- code, name and unit as they were told then
    name text not null,
    unit text not null default '',
    source text not null check (source in ('history', 'course', 'certificate')),
    course_id integer references courses(id),
    class_code text not null default '',
    title text not null,
    category text not null,
    level text not null default '',
    institution text not null default '',
    from_on text not null,                 -- ISO day
    to_on text not null,                   -- ISO day; its calendar year is the one that the hours count for
    year integer not null,
    hours_tenths integer not null check (hours_tenths >= 0), -- lesson periods (tiết), in tenths
    outcome text not null check (outcome in ('completed', 'failed')),
    mark integer,                          -- tenths of a mark, 50 is 5.0
    reason text,                           -- why it stands in the place of an earlier row
    replaces_id integer references training_records(id),
    by_person integer references people(id), -- nobody: the command line
    at integer not null,
    ended_at integer                       -- another row stands in its place since then
) strict;
create unique index training_records_live on training_records (key) where ended_at is null;
create index training_records_person on training_records (person_id, year) where ended_at is null;
create index training_records_course on training_records (course_id, person_id) where ended_at is null;
create index training_records_year on training_records (year, category) where ended_at is null;

create table results (                     -- marks as they were told last; what was before is in audit
    course_id integer not null references courses(id),
    person_id integer not null references people(id),
    score integer check (score between 0 and 100),  -- tenths of a mark
    resit integer check (resit between 0 and 100),  -- there is one only (L4)
    passed integer,                        -- told without a mark: 1 passed, 0 not
    attended_reason text,                  -- why HR vouches for the hours of a course without attendance
    attended_by integer references people(id),
    by_person integer references people(id),
    at integer not null,
    primary key (course_id, person_id)
) strict, without rowid;

create table closings (                    -- results of a course are final; corrections need a reason from then on
    course_id integer primary key references courses(id),
    by_person integer not null references people(id),
    at integer not null
) strict;

create table certificate_files (           -- what a person sent, as it came
    id integer primary key,
    person_id integer not null references people(id),
    filename text not null,
    photo integer not null,
    content blob not null,
    sha256 text not null,
    at integer not null
) strict;

create table certificates (                -- the register (L5): a row is decided once and never changed after
    id integer primary key,
    person_id integer not null references people(id),
    course_id integer references courses(id), -- null: from outside
    title text not null,
    category text not null,
    issuer text not null,
    issuer_fold text not null,
    number text not null,
    number_fold text not null,
    issued_on text not null,               -- ISO day
    hours integer not null default 0,      -- lesson periods of an outside certificate
    file_id integer references certificate_files(id),
    state text not null check (state in ('waiting', 'valid', 'refused', 'replaced')),
    reason text,                           -- of a refusal or of a re-issue
    replaces_id integer references certificates(id),
    record_id integer references training_records(id),
    by_person integer references people(id),
    at integer not null,
    decided_by integer references people(id),
    decided_at integer
) strict;
create unique index certificates_number on certificates (issuer_fold, number_fold) where state in ('waiting', 'valid');
create index certificates_person on certificates (person_id, issued_on);
create index certificates_course on certificates (course_id, person_id);

create table hour_targets (                -- hours a year that a group should reach; without a row it is 40 (L1)
    audience text not null check (audience in ('CB', 'CC', 'VC', 'HDLD')),
    year integer not null,
    hours integer not null check (hours between 0 and 400),
    by_person integer references people(id),
    at integer not null,
    primary key (audience, year)
) strict, without rowid;
