import fs from 'node:fs';
import path from 'node:path';
import type { Random } from '../sim/random.ts';
import type { DiskEvent, Recording } from './record.ts';

type Change = { at: number; data: Buffer } | { size: number };
type NameChange = Extract<DiskEvent, { path: string }>;

interface File {
	/** As it is on the plates. */
	safe: Buffer;
	/** Written since, and still only in memory. */
	open: Change[];
}

const SECTOR = 512;
const LONG_AGO = new Date('2020-01-01T00:00:00Z');

/**
 * A disk that keeps what was synced and nothing else for sure. Of what was written and not synced, a power cut leaves any
 * part, in any order and torn at sectors; of the names that were made, changed and removed in a folder that was not
 * synced, it leaves the first few or none.
 */
export class Disk {
	readonly #files = new Map<number, File>();
	/** Names as they are on the plates; a folder has no number. */
	readonly #names = new Map<string, number | null>();
	readonly #openNames = new Map<string, NameChange[]>();

	constructor(before: Recording['before']) {
		for (const { path: name, file, content } of before) {
			this.#files.set(file, { safe: content, open: [] });
			this.#names.set(name, file);
			for (let folder = path.dirname(name); folder !== '.'; folder = path.dirname(folder))
				this.#names.set(folder, null);
		}
	}

	note(event: DiskEvent): void {
		switch (event.event) {
			case 'write':
				this.#file(event.file).open.push({ at: event.at, data: event.data });
				break;
			case 'copy': {
				const { safe, open } = this.#file(event.from.file);
				const data = applied(safe, open).subarray(event.from.at, event.from.at + event.from.length);
				this.#file(event.file).open.push({ at: event.at, data: Buffer.from(data) });
				break;
			}
			case 'cut':
				this.#file(event.file).open.push({ size: event.size });
				break;
			case 'sync': {
				const file = this.#file(event.file);
				file.safe = applied(file.safe, file.open);
				file.open = [];
				break;
			}
			case 'sync folder':
				for (const change of this.#openNames.get(folderKey(event.path)) ?? []) changeName(this.#names, change);
				this.#openNames.delete(folderKey(event.path));
				break;
			case 'make':
				this.#file(event.file);
				this.#noteName(event);
				break;
			case 'make folder':
			case 'rename':
			case 'link':
			case 'remove':
				this.#noteName(event);
				break;
			case 'kept':
		}
	}

	/** The power goes: writes what may then be on the disk into an empty folder. */
	cutPower(random: Random, target: string): void {
		const names = new Map(this.#names);
		for (const changes of this.#openNames.values())
			for (const change of changes.slice(0, random.int(changes.length + 1))) changeName(names, change);
		const contents = new Map<number, Buffer>();
		for (const [name, file] of [...names].sort(([one], [other]) => (one < other ? -1 : 1))) {
			const full = path.join(target, name);
			if (!isReachable(names, name)) continue;
			if (file === null) fs.mkdirSync(full, { recursive: true, mode: 0o700 });
			else {
				const content = contents.get(file) ?? survived(this.#file(file), random);
				contents.set(file, content);
				fs.mkdirSync(path.dirname(full), { recursive: true, mode: 0o700 });
				fs.writeFileSync(full, content, { mode: 0o600 });
				// Written before the machine was started again.
				fs.utimesSync(full, LONG_AGO, LONG_AGO);
			}
		}
	}

	#file(number: number): File {
		const known = this.#files.get(number);
		if (known) return known;
		const made: File = { safe: Buffer.alloc(0), open: [] };
		this.#files.set(number, made);
		return made;
	}

	#noteName(change: NameChange): void {
		// A name that goes before it was on the disk never gets there.
		if (change.event === 'rename') {
			const key = folderKey(path.dirname(change.path));
			const rest = (this.#openNames.get(key) ?? []).filter((one) => one.event !== 'make' || one.path !== change.path);
			this.#openNames.set(key, rest);
		}
		const key = folderKey(path.dirname('to' in change ? change.to : change.path));
		this.#openNames.set(key, [...(this.#openNames.get(key) ?? []), change]);
	}
}

function folderKey(folder: string): string {
	return folder === '' ? '.' : folder;
}

function changeName(names: Map<string, number | null>, change: NameChange): void {
	if (change.event === 'rename' || change.event === 'remove') names.delete(change.path);
	if (change.event === 'remove') return;
	names.set('to' in change ? change.to : change.path, 'file' in change ? change.file : null);
}

function isReachable(names: ReadonlyMap<string, unknown>, name: string): boolean {
	const folder = path.dirname(name);
	return folder === '.' || (names.has(folder) && isReachable(names, folder));
}

function applied(content: Buffer, changes: readonly Change[]): Buffer {
	let size = content.length;
	for (const change of changes) size = 'size' in change ? change.size : Math.max(size, change.at + change.data.length);
	const most = Math.max(
		size,
		content.length,
		...changes.map((one) => ('size' in one ? one.size : one.at + one.data.length)),
	);
	const bytes = Buffer.alloc(most);
	content.copy(bytes);
	let end = content.length;
	for (const change of changes) {
		if ('size' in change) {
			if (change.size < end) bytes.fill(0, change.size, end);
			end = change.size;
		} else {
			change.data.copy(bytes, change.at);
			end = Math.max(end, change.at + change.data.length);
		}
	}
	return bytes.subarray(0, size);
}

/** What is left of a file: all, nothing, or any part of what was not synced. */
function survived({ safe, open }: File, random: Random): Buffer {
	if (open.length === 0 || random.chance(0.25)) return safe;
	if (random.chance(0.1)) return applied(safe, open);
	const share = random.next();
	const isTorn = random.chance(0.5);
	return applied(
		safe,
		open.flatMap((change): Change[] => {
			if ('size' in change || !isTorn) return random.chance(share) ? [change] : [];
			return sectorsOf(change).filter(() => random.chance(share));
		}),
	);
}

function sectorsOf({ at, data }: Extract<Change, { data: Buffer }>): Change[] {
	const sectors: Change[] = [];
	for (let from = 0; from < data.length; ) {
		const end = Math.min(data.length, from + SECTOR - ((at + from) % SECTOR));
		sectors.push({ at: at + from, data: data.subarray(from, end) });
		from = end;
	}
	return sectors;
}
