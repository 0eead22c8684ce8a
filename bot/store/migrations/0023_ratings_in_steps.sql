-- Figures of ratings grow in steps of five forms: one more form between two looks would tell what its writer said.
alter table rating_answers add column counted integer not null default 0;
alter table rating_comments add column counted integer not null default 0;
create table rating_counts (               -- how many forms of a course the figures tell of so far
    course_id integer primary key references courses(id),
    forms integer not null
) strict, without rowid;
insert into rating_counts (course_id, forms)
    select course_id, count(*) from rating_receipts group by course_id having count(*) >= 5;
update rating_answers set counted = 1 where course_id in (select course_id from rating_counts);
update rating_comments set counted = 1 where course_id in (select course_id from rating_counts);
