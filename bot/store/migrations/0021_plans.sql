-- Training plans: what a decision promises for one year or for a programme of several (R10, R11, R27, R30).
create table plans (
    id integer primary key,
    number text not null,                  -- "774/KH-UBND"
    number_fold text not null,
    title text not null,
    decided_on text,                       -- ISO day
    first_year integer not null check (first_year between 2000 and 2100),
    last_year integer not null check (last_year between 2000 and 2100),
    version integer not null default 1,    -- goes up with each change of the facts above
    by_person integer references people(id), -- nobody: the command line
    at integer not null,
    removed_at integer,
    check (first_year <= last_year)
) strict;
-- Numbers begin anew each year, so the year belongs to them.
create unique index plans_number on plans (number_fold, first_year) where removed_at is null;

create table plan_lines (
    id integer primary key,
    plan_id integer not null references plans(id),
    category text not null,
    level text not null default '',        -- '' is any
    level_fold text not null default '',
    year integer,                          -- null is the whole period
    classes integer not null default 0 check (classes >= 0), -- 0: none promised
    turns integer not null default 0 check (turns >= 0),     -- 0: none promised
    money integer check (money >= 0),      -- đồng
    version integer not null default 1,
    check (classes > 0 or turns > 0)
) strict;
create unique index plan_lines_once on plan_lines (plan_id, category, level_fold, coalesce(year, 0));
