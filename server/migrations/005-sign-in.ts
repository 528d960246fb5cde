/**
 * Whom a token stands for, who may no longer come in, and how far a laptop that is to be given up has come.
 *
 * A person is an issuer's name together with its subject, never a mail address: addresses are given to somebody else.
 */
export const sql005 = `
create table identity (
	issuer text not null,
	subject text not null,
	user_id text not null,
	created_at text not null,
	primary key (issuer, subject)
);
create index identity_user on identity (user_id);

-- "by_user" is null for what the server's own command line did.
create table revoked_user (
	user_id text primary key,
	at text not null,
	by_user text
);
create table revoked_device (
	device text primary key,
	at text not null,
	by_user text
);

-- The issuer's session under which a laptop has said hello: a token of it goes with the laptop.
create table device_session (
	sid text primary key,
	device text not null,
	seen_at text not null
);
create index device_session_device on device_session (device);

-- A laptop that is to be given up: asked for its unsent work, then told to destroy its keys, then gone.
create table departure (
	device text primary key,
	asked_at text not null,
	told_at text,
	unsent int,
	wiped_at text
);
`;
