-- What a course is beside its sessions: kind, level, hours, who may come, how many of whom, who teaches, what is to be read.
alter table courses add column owner_unit_id integer references units(id); -- whose course it is; null: the whole
alter table courses add column institution_id integer references institutions(id);
alter table courses add column kind text not null default 'lop' check (kind in ('lop', 'hoi_nghi', 'tham_quan'));
alter table courses add column level text;                 -- 'co_ban', 'nang_cao', 'tinh', 'xa' … free words of HR
alter table courses add column tags text not null default ''; -- category codes beside the main one, 'CCHC,CDS'
alter table courses add column hours_theory integer;       -- lesson periods (tiết)
alter table courses add column hours_practice integer;
alter table courses add column mandatory integer not null default 0; -- silence after a change does not free the seat
alter table courses add column approve_until integer;      -- the head's decision is awaited until then; null: the deadline
alter table courses add column document_on text;           -- ISO day of the approving document
alter table courses add column only_leaders integer not null default 0;
alter table courses add column only_titles text not null default ''; -- words of titles, one a line, compared folded; '' everybody
alter table courses add column only_ranks text not null default '';  -- words of ranks, one a line, compared folded; '' everybody
alter table courses add column only_units text not null default '';  -- unit ids with what is under them, ','; '' everybody
alter table courses add column contact_person_id integer references people(id);
alter table courses add column attendance_share integer not null default 80; -- percent of the hours to be attended (L4)
alter table courses add column pass_mark integer not null default 50;        -- tenths of a mark, 50 is 5.0 (L4)
alter table courses add column copied_from integer references courses(id);

create table course_quotas (               -- places kept for the people of a unit and what is under it
    course_id integer not null references courses(id),
    unit_id integer not null references units(id),
    places integer not null check (places > 0),
    primary key (course_id, unit_id)
) strict, without rowid;

create table lecturers (
    id integer primary key,
    name text not null,
    fold text not null,
    kind text not null default 'co_huu' check (kind in ('co_huu', 'kiem_nhiem', 'chuyen_gia')), -- R54
    profile text,
    person_id integer references people(id) -- of the HR list, if they are: their phone shows the attendance code
) strict;
create unique index lecturers_fold on lecturers (fold);

create table course_lecturers (
    course_id integer not null references courses(id),
    lecturer_id integer not null references lecturers(id),
    primary key (course_id, lecturer_id)
) strict, without rowid;

create table course_checks (               -- the opening checklist (R40): what is ready
    course_id integer not null references courses(id),
    item text not null,                    -- 'document', 'lecturer', 'programme', 'room', 'assessment', 'money'
    done_by integer references people(id),
    done_at integer,
    primary key (course_id, item)
) strict, without rowid;

create table materials (                   -- every version stays; the newest of a name counts (R24)
    id integer primary key,
    course_id integer not null references courses(id),
    name text not null,
    version integer not null,
    link text,
    filename text,
    content blob,
    sha256 text,
    added_by integer references people(id),
    added_at integer not null,
    withdrawn_at integer,
    unique (course_id, name, version)
) strict;

create table course_drafts (               -- courses that clerks are still putting together in the chat
    id integer primary key,
    by_person integer not null references people(id), -- who began it
    owner_unit_id integer references units(id),
    fields text not null default '{}',     -- JSON: words by key, as the cells of a workbook would have them
    sessions text not null default '[]',   -- JSON: [{day, start, end, hours, place}, …], words as well
    step text not null default '',         -- the question that comes next; '' when all have been asked
    copied_from integer references courses(id),
    touched_by integer references people(id), -- who wrote in it last
    created_at integer not null,
    updated_at integer not null,
    closed_at integer                      -- opened or dropped: the row stays, so that its number is given to no other
) strict;
