-- Legal updates: what they say in each version, how far each person has come, and who has confirmed which version.
create table legal_updates (
    id integer primary key,
    number text not null unique,           -- of the document: '171/2025/NĐ-CP'
    title text not null,
    fold text not null,                    -- bot.folding.fold(title)
    version integer not null default 1,    -- goes up when amended: evidence of an earlier one no longer counts
    edition integer not null default 1,    -- goes up with every change of the words: old buttons answer old words
    effective_on text not null,            -- ISO day
    replaces text,
    deadline integer not null,             -- the last second of that local day
    pass_mark integer not null,
    digest text not null,                  -- of the entry it was last imported from
    published_at integer not null,
    amended_at integer,
    closed_at integer
) strict;

create table legal_audience (
    update_id integer not null references legal_updates(id),
    audience text not null check (audience in ('CB', 'CC', 'VC', 'HDLD')),
    primary key (update_id, audience)
) strict, without rowid;

create table legal_versions (              -- the words of a version; a slip mended in between replaces them
    update_id integer not null references legal_updates(id),
    version integer not null,
    cards text not null,                   -- JSON: ["…", …]
    questions text not null,               -- JSON: [[question, [answers], place of the right one from 0, why], …]
    since integer not null,
    primary key (update_id, version)
) strict, without rowid;

create table legal_progress (
    person_id integer not null references people(id),
    update_id integer not null references legal_updates(id),
    version integer not null,
    edition integer not null,              -- of the words that `quiz` speaks of
    card integer not null default 0,       -- the card last looked at, from 0
    cards_read integer not null default 0, -- how many, from the first on
    quiz text,                             -- JSON of bot.training.legal_quiz
    primary key (person_id, update_id)
) strict, without rowid;

create table legal_evidence (              -- append-only: who has read and understood which version, and when
    id integer primary key,
    person_id integer not null references people(id),
    update_id integer not null references legal_updates(id),
    version integer not null,
    at integer not null,
    right_answers integer not null,
    questions integer not null,
    unique (person_id, update_id, version)
) strict;
create index legal_evidence_of on legal_evidence (update_id, version, person_id);
