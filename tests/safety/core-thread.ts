import { workerData } from 'node:worker_threads';
import SqliteDatabase from 'better-sqlite3';
import type { CoreOptions } from '../../electron/core/core.ts';
import { withoutTags } from './plants.ts';
import type { CoreHabits } from './workbook.ts';

// Core's thread as the app has it, with the habits of a test: where it dies, and which mistake is planted.
const options = workerData as CoreOptions & { habits?: CoreHabits };
const { crashAt, lazySync, lateCommit, deafCommit, noTags } = options.habits ?? {};
if (crashAt) dieAt(crashAt);
if (lazySync) syncLess();
if (lateCommit) commitLater();
if (deafCommit) commitDeaf();
if (noTags) withoutTags();
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

/** The driver is told FULL, keeps NORMAL, and says FULL when it is asked. */
function syncLess(): void {
	const { pragma } = SqliteDatabase.prototype;
	SqliteDatabase.prototype.pragma = function (source, how) {
		if (source === 'synchronous') return 2;
		return pragma.call(this, source === 'synchronous=FULL' ? 'synchronous=NORMAL' : source, how);
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
