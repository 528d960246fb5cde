/**
 * A name for each commit, drawn at random. A store that was put back, or lost its last commits in a power cut, gives the
 * same numbers to other commits afterwards; by the name a cursor is known to be from the lost ones.
 */
export const sql002 = `
create table commit_tag (
	seq bigint primary key,
	tag text not null
);
insert into commit_tag (seq, tag) select n, 'first' from counter, generate_series(1, counter.seq) n;
`;
