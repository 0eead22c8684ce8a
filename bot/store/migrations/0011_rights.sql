-- Who may do what where, who stands in for a head, which schools there are, and what was done with other people's data.
create table institutions (                -- training institutions (cơ sở đào tạo)
    id integer primary key,
    name text not null,
    fold text not null unique              -- bot.folding.fold(name): a workbook's words are matched by it
) strict;

create table rights (                      -- never deleted: who had which right when
    id integer primary key,
    person_id integer not null references people(id),
    role text not null check (role in ('hr', 'school', 'operator')),
    unit_id integer references units(id),  -- of hr: the unit and what is under it; null: the whole
    institution_id integer references institutions(id), -- of school: whose classes
    granted_by integer references people(id), -- nobody: the command line
    granted_at integer not null,
    revoked_by integer references people(id),
    revoked_at integer
) strict;
create unique index rights_live on rights (person_id, role, coalesce(unit_id, 0), coalesce(institution_id, 0))
    where revoked_at is null;
insert into rights (person_id, role, granted_at) select person_id, role, granted_at from roles;
drop table roles;

create table acting_heads (                -- who stands in for a head, from one instant to another
    id integer primary key,
    unit_id integer not null references units(id),
    person_id integer not null references people(id),
    from_at integer not null,
    until_at integer not null,             -- the first second it is over
    by_person integer references people(id),
    created_at integer not null,
    ended_at integer,                      -- taken back before its time
    check (from_at < until_at)
) strict;
create index acting_heads_person on acting_heads (person_id) where ended_at is null;
create index acting_heads_unit on acting_heads (unit_id) where ended_at is null;

create table audit (                       -- append-only: reads of lists, exports, changes, refused attempts
    id integer primary key,
    at integer not null,
    by_person integer references people(id), -- nobody: the program itself or the command line
    action text not null,                  -- 'course.edit', 'people.list', 'person.read', 'refused' …
    subject text not null,                 -- 'course:17', 'unit:3'
    old text,                              -- JSON of what it was, where something changed
    new text                               -- JSON of what it is
) strict;
create index audit_subject on audit (subject, id);
create index audit_person on audit (by_person, id);

create view units_below as                 -- each unit with every unit that is or stands under it
    with recursive below(above_id, unit_id) as (
        select id, id from units
        union select b.above_id, u.id from below b join units u on u.parent_id = b.unit_id
    ) select above_id, unit_id from below;
