import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Kept } from './check-workbook.ts';
import { type Built, Victim, type VictimOptions } from './victim.ts';

/** One thing a process did to its folder, or said. Paths are relative to the folder; files are told by a number. */
export type DiskEvent =
	| { event: 'make'; path: string; file: number }
	| { event: 'make folder'; path: string }
	| { event: 'rename'; path: string; to: string; file: number }
	| { event: 'link'; path: string; to: string; file: number }
	| { event: 'remove'; path: string }
	| { event: 'write'; file: number; at: number; data: Buffer }
	| { event: 'copy'; file: number; at: number; from: { file: number; at: number; length: number } }
	| { event: 'cut'; file: number; size: number }
	| { event: 'sync'; file: number }
	| { event: 'sync folder'; path: string }
	| { event: 'kept'; kept: Kept };

export interface Recording {
	/** The files that were there at the beginning: number, then content. */
	before: { path: string; file: number; content: Buffer }[];
	events: DiskEvent[];
	refused: string[];
}

const CALLS =
	'openat,open,close,write,pwrite64,writev,pwritev,ftruncate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir,mkdir,mkdirat,copy_file_range,sendfile,fallocate,lseek,dup,dup2,dup3';

/** Why nothing can be recorded on this machine, or undefined. */
export function whyNoRecorder(): string | undefined {
	try {
		execFileSync('strace', ['-qq', '-o', '/dev/null', 'true'], { stdio: 'ignore' });
		return undefined;
	} catch {
		return 'strace cannot be used here (on Debian: apt-get install strace)';
	}
}

/** Lets a workbook work and records, call by call, everything it does to its folder and everything it confirms. */
export async function record(built: Built, options: VictimOptions): Promise<Recording> {
	const tree = new Tree(options.folder);
	const before = tree.before();
	const trace = path.join(`${options.folder}.trace`);
	const under = ['strace', '-f', '-qq', '-xx', '-s', '8000000', '-o', trace, '-e', `trace=${CALLS}`];
	try {
		const victim = new Victim(built, { ...options, under });
		await victim.ended();
		if (!victim.hasClosed) throw new Error(`The workbook that was recorded did not end in order (${victim.doing}).`);
		for (const call of readTrace(trace)) tree.note(call);
		return { before, events: tree.events, refused: victim.refused.map(({ step, code }) => `${step}: ${code}`) };
	} finally {
		fs.rmSync(trace, { force: true });
	}
}

/** What a workbook wrote anywhere, with the names that strace gives to its files: also to files that are gone since. */
export async function recordWrites(built: Built, options: VictimOptions, look: (place: string, data: Buffer) => void) {
	const trace = `${options.folder}.trace`;
	const calls = 'trace=write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg';
	const under = ['strace', '-f', '-qq', '-y', '-xx', '-s', '8000000', '-o', trace, '-e', calls];
	try {
		const victim = new Victim(built, { ...options, under });
		await victim.ended();
		if (!victim.hasClosed) throw new Error(`The workbook that was recorded did not end in order (${victim.doing}).`);
		for (const { args } of readTrace(trace))
			for (const data of stringsIn(args)) look(decoded(args.slice(0, args.indexOf(','))), data);
		return victim;
	} finally {
		fs.rmSync(trace, { force: true });
	}
}

function decoded(text: string): string {
	return text.replaceAll(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

interface SystemCall {
	name: string;
	args: string;
	result: number;
}

/** The calls of a trace in the order in which they began; those of several threads are put together again. */
function* readTrace(file: string): Generator<SystemCall> {
	const waiting = new Map<string, { at: number; text: string }>();
	const calls: (SystemCall | undefined)[] = [];
	for (const line of linesOf(file)) {
		const cut = line.indexOf(' ');
		const pid = line.slice(0, cut);
		const text = line.slice(cut).trim();
		if (text.endsWith('<unfinished ...>')) {
			waiting.set(pid, { at: calls.push(undefined) - 1, text: text.slice(0, -'<unfinished ...>'.length) });
			continue;
		}
		const resumed = /^<\.\.\. \w+ resumed>(.*)$/s.exec(text);
		const begun = resumed ? waiting.get(pid) : undefined;
		const call = parseCall(begun ? begun.text + resumed?.[1] : text);
		// What is synced is what was written before the call began; so it stands where it began, and counts from its end.
		if (begun) calls[begun.at] = undefined;
		if (begun) waiting.delete(pid);
		if (!call) continue;
		if (begun && !call.name.includes('sync')) calls[begun.at] = call;
		else calls.push(call);
	}
	for (const call of calls) if (call) yield call;
}

function* linesOf(file: string): Generator<string> {
	const handle = fs.openSync(file, 'r');
	try {
		let rest = Buffer.alloc(0);
		const piece = Buffer.alloc(4 * 1_048_576);
		for (;;) {
			const read = fs.readSync(handle, piece, 0, piece.length, null);
			if (read === 0) break;
			rest = Buffer.concat([rest, piece.subarray(0, read)]);
			let from = 0;
			for (let end = rest.indexOf(10, from); end >= 0; end = rest.indexOf(10, from)) {
				yield rest.toString('latin1', from, end);
				from = end + 1;
			}
			rest = rest.subarray(from);
		}
	} finally {
		fs.closeSync(handle);
	}
}

function parseCall(text: string): SystemCall | undefined {
	const open = text.indexOf('(');
	const close = text.lastIndexOf(') = ');
	if (open < 0) return undefined;
	const end = close < 0 ? text.lastIndexOf(')') : close;
	const result = Number.parseInt(text.slice(text.lastIndexOf('= ') + 2), 10);
	if (Number.isNaN(result) || result < 0) return undefined;
	return { name: text.slice(0, open), args: text.slice(open + 1, end), result };
}

/** The strings of a call, which strace writes as hex. */
function stringsIn(args: string): Buffer[] {
	return [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) =>
		Buffer.from(hex.replaceAll('\\x', ''), 'hex'),
	);
}

interface Handle {
	file?: number;
	folder?: string;
	at: number;
	appends: boolean;
}

/** Follows names and handles, so that each write is known by the file it went to. */
class Tree {
	readonly events: DiskEvent[] = [];
	readonly #folder: string;
	readonly #names = new Map<string, number>();
	readonly #handles = new Map<number, Handle>();
	readonly #contents = new Map<number, number>();
	#last = 0;
	#said = '';

	constructor(folder: string) {
		this.#folder = fs.realpathSync(folder);
	}

	before(): Recording['before'] {
		const entries = fs.readdirSync(this.#folder, { recursive: true, withFileTypes: true });
		return entries
			.filter((entry) => entry.isFile())
			.map((entry) => {
				const full = path.join(entry.parentPath, entry.name);
				const file = this.#newFile(this.#relative(full) ?? '');
				const content = fs.readFileSync(full);
				this.#contents.set(file, content.length);
				return { path: this.#relative(full) ?? '', file, content };
			});
	}

	note({ name, args, result }: SystemCall): void {
		const strings = stringsIn(args);
		const paths = strings.slice(0, 2).map((bytes) => this.#relative(bytes.toString('utf8')));
		const numbers = args
			.replaceAll(/"[^"]*"/g, '""')
			.split(',')
			.map((text) => text.trim());
		const handle = this.#handles.get(Number(numbers[0]));
		if (name === 'open' || name === 'openat') this.#open(paths[0], args, result);
		else if (name === 'close') this.#handles.delete(Number(numbers[0]));
		else if (name === 'write' && Number(numbers[0]) === 1) this.#hear(strings[0]);
		else if (name === 'write') this.#write(handle, strings[0]?.subarray(0, result), handle?.at);
		else if (name === 'pwrite64') this.#write(handle, strings[0]?.subarray(0, result), Number(numbers.at(-1)));
		else if (name === 'copy_file_range') this.#copy(args, result);
		else if (name === 'ftruncate') this.#cut(handle, Number(numbers[1]));
		else if (name === 'fsync' || name === 'fdatasync') this.#sync(handle);
		else if (name.startsWith('rename')) this.#rename(paths[0], paths[1]);
		else if (name.startsWith('link')) this.#link(paths[0], paths[1]);
		else if (name.startsWith('unlink') || name === 'rmdir') this.#remove(paths[0]);
		else if (name.startsWith('mkdir')) this.#makeFolder(paths[0]);
		else if (name === 'lseek' && handle) handle.at = result;
		else if (
			handle?.file !== undefined &&
			['writev', 'pwritev', 'sendfile', 'fallocate', 'dup', 'dup2', 'dup3'].includes(name)
		)
			throw new Error(`The recorder does not know what ${name} does.`);
	}

	#relative(full: string): string | undefined {
		const relative = path.relative(this.#folder, full);
		return path.isAbsolute(full) && !relative.startsWith('..') ? relative : undefined;
	}

	#newFile(name: string): number {
		const file = ++this.#last;
		this.#names.set(name, file);
		this.#contents.set(file, 0);
		return file;
	}

	#open(name: string | undefined, args: string, handle: number): void {
		this.#handles.delete(handle);
		if (name === undefined) return;
		if (args.includes('O_DIRECTORY') || !(this.#names.has(name) || args.includes('O_CREAT'))) {
			this.#handles.set(handle, { folder: name, at: 0, appends: false });
			return;
		}
		const isNew = !this.#names.has(name);
		const file = this.#names.get(name) ?? this.#newFile(name);
		if (isNew) this.events.push({ event: 'make', path: name, file });
		const opened = { file, at: 0, appends: args.includes('O_APPEND') };
		this.#handles.set(handle, opened);
		if (!isNew && args.includes('O_TRUNC')) this.#cut(opened, 0);
	}

	#write(handle: Handle | undefined, data: Buffer | undefined, at: number | undefined): void {
		if (handle?.file === undefined || !data || at === undefined) return;
		const size = this.#contents.get(handle.file) ?? 0;
		const start = handle.appends ? size : at;
		this.events.push({ event: 'write', file: handle.file, at: start, data });
		this.#contents.set(handle.file, Math.max(size, start + data.length));
		if (at === handle.at) handle.at = start + data.length;
	}

	/** Both places are given, or are where the handles stand. */
	#copy(args: string, length: number): void {
		const [, from, fromAt, to, toAt] =
			/^(\d+), (?:NULL|\[(\d+)\][^,]*), (\d+), (?:NULL|\[(\d+)\][^,]*),/.exec(args) ?? [];
		const [source, target] = [from, to].map((handle) => this.#handles.get(Number(handle)));
		if (source?.file === undefined || target?.file === undefined || length === 0) return;
		const start = fromAt === undefined ? source.at : Number(fromAt);
		const at = toAt === undefined ? target.at : Number(toAt);
		this.events.push({ event: 'copy', file: target.file, at, from: { file: source.file, at: start, length } });
		this.#contents.set(target.file, Math.max(this.#contents.get(target.file) ?? 0, at + length));
		if (fromAt === undefined) source.at = start + length;
		if (toAt === undefined) target.at = at + length;
	}

	#cut(handle: Handle | undefined, size: number): void {
		if (handle?.file === undefined) return;
		this.events.push({ event: 'cut', file: handle.file, size });
		this.#contents.set(handle.file, size);
	}

	#sync(handle: Handle | undefined): void {
		if (handle?.file !== undefined) this.events.push({ event: 'sync', file: handle.file });
		else if (handle?.folder !== undefined) this.events.push({ event: 'sync folder', path: handle.folder });
	}

	#rename(from: string | undefined, to: string | undefined): void {
		if (from === undefined || to === undefined) return;
		const file = this.#names.get(from);
		if (file === undefined) throw new Error('The recorder does not know how to rename a folder.');
		this.#names.delete(from);
		this.#names.set(to, file);
		this.events.push({ event: 'rename', path: from, to, file });
	}

	#link(from: string | undefined, to: string | undefined): void {
		const file = from === undefined ? undefined : this.#names.get(from);
		if (file === undefined || from === undefined || to === undefined) return;
		this.#names.set(to, file);
		this.events.push({ event: 'link', path: from, to, file });
	}

	#remove(name: string | undefined): void {
		if (name === undefined) return;
		this.#names.delete(name);
		this.events.push({ event: 'remove', path: name });
	}

	#makeFolder(name: string | undefined): void {
		if (name !== undefined) this.events.push({ event: 'make folder', path: name });
	}

	/** What it said on its output, a line at a time. */
	#hear(bytes: Buffer | undefined): void {
		this.#said += bytes?.toString('utf8') ?? '';
		const lines = this.#said.split('\n');
		this.#said = lines.pop() ?? '';
		for (const line of lines) {
			const { kept } = JSON.parse(line) as { kept?: Kept };
			if (kept) this.events.push({ event: 'kept', kept });
		}
	}
}
