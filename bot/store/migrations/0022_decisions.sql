-- The signed decisions by which people are sent to a class: number, day and the paper as it was signed (L3, R60).
create table decisions (                   -- append-only: a mistake is withdrawn and stays
    id integer primary key,
    course_id integer not null references courses(id),
    number text not null,                  -- "123/QĐ-UBND"
    number_fold text not null,
    signed_on text not null,               -- ISO day
    filename text,
    content blob,                          -- the scan or PDF; null until it is sent
    sha256 text,
    by_person integer not null references people(id),
    at integer not null,
    withdrawn_by integer references people(id),
    withdrawn_at integer
) strict;
create unique index decisions_number on decisions (course_id, number_fold, signed_on) where withdrawn_at is null;
create index decisions_signed on decisions (signed_on, id);
