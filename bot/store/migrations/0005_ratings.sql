-- Ratings: what was answered, and apart from it who has answered. Nothing links the two: no person, no time, no form,
-- random ids, and no row number that would keep the order of arrival.
create table rating_answers (
    id text primary key,                   -- random
    course_id integer not null references courses(id),
    questionnaire text not null,
    version integer not null,
    item text not null,
    value integer not null check (value between 1 and 10)
) strict, without rowid;
create index rating_answers_of on rating_answers (course_id, item);

create table rating_comments (
    id text primary key,                   -- random
    course_id integer not null references courses(id),
    questionnaire text not null,
    version integer not null,
    text text not null
) strict, without rowid;
create index rating_comments_of on rating_comments (course_id);

create table rating_receipts (
    course_id integer not null references courses(id),
    person_id integer not null references people(id),
    primary key (course_id, person_id)
) strict, without rowid;
create index rating_receipts_person on rating_receipts (person_id);
