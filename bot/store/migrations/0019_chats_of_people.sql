-- The chats of one person are looked up for each message that leaves; without this every look read all accounts.
create index accounts_of_person on accounts (person_id);
