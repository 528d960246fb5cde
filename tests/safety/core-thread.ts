import { workerData } from 'node:worker_threads';
import SqliteDatabase from 'better-sqlite3';
import { migrations } from '../../db/migrations/migrations.ts';
import type { CoreOptions } from '../../electron/core/core.ts';
import { withoutTags } from './plants.ts';
import type { CoreHabits } from './workbook.ts';

// Core's thread as the app has it, with the habits of a test: where it dies, and which mistake is planted.
const options = workerData as CoreOptions & { habits?: CoreHabits };
const { crashAt, lazySync, lateCommit, deafCommit, noTags, shared, anyVersion } = options.habits ?? {};
if (crashAt) dieAt(crashAt);
if (lazySync) {
	turnPragma('synchronous=FULL', 'synchronous=NORMAL');
	answerPragma('synchronous', 2);
}
if (lateCommit) commitLater();
if (deafCommit) commitDeaf();
if (noTags) withoutTags();
if (shared) turnPragma('locking_mode=EXCLUSIVE', 'locking_mode=NORMAL');
if (anyVersion) answerPragma('user_version', migrations.length);
await import('../../electron/core/worker.ts');

function dieAt(place: string): void {
	const cut = place.lastIndexOf(':');
	const point = place.slice(0, cut);
	let left = Number(place.slice(cut + 1));
	options.crashPoint = (reached) => {
		if (reached !== point) return;
		left -= 1;
		if (left === 0) process.kill(process.pid, 'SIGKILL');
	};
}

/** The driver is told one thing and does another. */
function turnPragma(from: string, to: string): void {
	const { pragma } = SqliteDatabase.prototype;
	SqliteDatabase.prototype.pragma = function (source, how) {
		return pragma.call(this, source === from ? to : source, how);
	};
}

/** The driver says what it does not do. */
function answerPragma(name: string, value: unknown): void {
	const { pragma } = SqliteDatabase.prototype;
	SqliteDatabase.prototype.pragma = function (source, how) {
		return source === name ? value : pragma.call(this, source, how);
	};
}

/** A unit is answered at once and committed some time later, together with others. */
function commitLater(): void {
	const { prepare } = SqliteDatabase.prototype;
	SqliteDatabase.prototype.prepare = function (this: SqliteDatabase.Database, sql: string) {
		if (sql === 'COMMIT') {
			const run = () => void setTimeout(() => this.inTransaction && this.exec('COMMIT'), 50);
			return { reader: false, run } as never;
		}
		if (sql === 'BEGIN IMMEDIATE') return { reader: false, run: () => this.inTransaction || this.exec(sql) } as never;
		return prepare.call(this, sql) as never;
	} as typeof prepare;
}

/** What goes wrong when a unit is committed is not heard. */
function commitDeaf(): void {
	const { prepare } = SqliteDatabase.prototype;
	SqliteDatabase.prototype.prepare = function (this: SqliteDatabase.Database, sql: string) {
		if (sql !== 'COMMIT') return prepare.call(this, sql) as never;
		const run = () => {
			try {
				this.exec(sql);
			} catch {
				if (this.inTransaction) this.exec('ROLLBACK');
			}
		};
		return { reader: false, run } as never;
	} as typeof prepare;
}
