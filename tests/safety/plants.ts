import SqliteDatabase from 'better-sqlite3';

/** Planted: a cipher without tags, which says that it is the one that has them. Answers what takes it out again. */
export function withoutTags(): () => void {
	const { pragma } = SqliteDatabase.prototype;
	SqliteDatabase.prototype.pragma = function (source, how) {
		const answer = pragma.call(this, source === "cipher='chacha20'" ? "cipher='aes256cbc'" : source, how);
		return source === 'cipher' ? 'chacha20' : answer;
	};
	return () => {
		SqliteDatabase.prototype.pragma = pragma;
	};
}
