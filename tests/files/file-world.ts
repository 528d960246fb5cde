import { createHash, randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CoreOptions } from '../../electron/core/core.ts';
import type { AttachmentRow } from '../../shared/contract/file-models.ts';
import { startCore, type TestCore } from '../support/core.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../support/server.ts';

const people = [
	{ t: 'app_user' as const, id: 'u-sam', v: { name: 'Ada Lind', role: 'SAM' } },
	{ t: 'app_user' as const, id: 'u-specialist', v: { name: 'Ben Roth', role: 'SPECIALIST' } },
];
const records = [
	...people,
	{ t: 'account' as const, id: 'a-1', v: { account_no: 'S-1', name: 'Halden Pharma AG (fictional)' } },
	{ t: 'account' as const, id: 'a-2', v: { account_no: 'S-2', name: 'Tanaka Optics KK (fictional)' } },
];

/** One real server and laptops on it, with places for files. */
export class FileWorld {
	readonly folder: string;
	readonly blobDir: string;
	server: TestServer;
	readonly #laptops: TestCore[] = [];

	private constructor(folder: string, blobDir: string, server: TestServer) {
		this.folder = folder;
		this.blobDir = blobDir;
		this.server = server;
	}

	static async start(options: TestServerOptions = {}): Promise<FileWorld> {
		const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fieldbook-files-'));
		const blobDir = path.join(folder, 'blobs');
		return new FileWorld(folder, blobDir, await startTestServer({ records, blobDir, ...options }));
	}

	/** Ends the server and starts another one with nothing but the first records, at the same address. */
	async replaceServer(options: TestServerOptions = {}): Promise<void> {
		const { port } = this.server;
		await this.server.stop();
		this.server = await startTestServer({ records, blobDir: this.blobDir, port, ...options });
	}

	/** A laptop that has pulled everything; `url` leads it through something between. */
	async laptop(user: 'sam' | 'specialist', options: Partial<CoreOptions> & { url?: string } = {}): Promise<TestCore> {
		const { url = this.server.url, ...rest } = options;
		const laptop = await startCore({ userId: `u-${user}`, server: { url, token: `dev-${user}` }, ...rest });
		this.#laptops.push(laptop);
		await laptop.ok('sync.now', {});
		return laptop;
	}

	/** A file of random bytes on the disk of whoever adds it. */
	file(name: string, content: Buffer | number): { path: string; bytes: Buffer; sha256: string } {
		const bytes = typeof content === 'number' ? randomBytes(content) : content;
		const file = path.join(this.folder, name);
		fs.writeFileSync(file, bytes);
		return { path: file, bytes, sha256: sha256Of(bytes) };
	}

	/** Adds a file to a record the way a window does. */
	async add(laptop: TestCore, file: string, to: Parent = onAccount): Promise<string> {
		const [added] = await laptop.ok('attachments.add', { ...to, files: [token(laptop, file)] });
		return added!.id;
	}

	/** Records, then files, until nothing more goes. */
	async settle(...laptops: TestCore[]): Promise<void> {
		for (const laptop of laptops) await laptop.ok('sync.now', {});
		for (const laptop of laptops) await laptop.ok('files.now', {});
	}

	/** Saves a copy of an attachment and reads it. */
	async copyOf(laptop: TestCore, id: string): Promise<Buffer> {
		const target = path.join(this.folder, `copy-${randomUUID()}`);
		await laptop.ok('attachments.saveCopy', { id, target: token(laptop, target) });
		const bytes = fs.readFileSync(target);
		fs.rmSync(target);
		return bytes;
	}

	/** What the server keeps of a file, or undefined. */
	kept(sha256: string): Buffer | undefined {
		const file = path.join(this.blobDir, sha256.slice(0, 2), sha256);
		return fs.existsSync(file) ? fs.readFileSync(file) : undefined;
	}

	async stop(): Promise<void> {
		for (const laptop of this.#laptops) await laptop.stop();
		await this.server.stop();
		fs.rmSync(this.folder, { recursive: true, force: true });
	}
}

export interface Parent {
	parent_type: AttachmentRow['parent_type'];
	parent_id: string;
}

export const onAccount: Parent = { parent_type: 'account', parent_id: 'a-1' };

export function token(laptop: TestCore, file: string): string {
	const name = randomUUID();
	laptop.core.registerFile(name, file);
	return name;
}

export function sha256Of(bytes: Buffer): string {
	return createHash('sha256').update(bytes).digest('hex');
}

/** The one file of a record. */
export async function only(laptop: TestCore, parent: Parent = onAccount): Promise<AttachmentRow> {
	const rows = await laptop.ok('attachments.list', parent);
	if (rows.length !== 1) throw new Error(`${rows.length} files instead of one`);
	return rows[0]!;
}

/** The files of a laptop's folder, sealed as they are. */
export function sealedFiles(laptop: TestCore): string[] {
	const folder = `${laptop.file}.files`;
	if (!fs.existsSync(folder)) return [];
	return fs
		.readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath, entry.name));
}

export function flipBit(file: string, at: number): void {
	const bytes = fs.readFileSync(file);
	bytes[at]! ^= 4;
	fs.writeFileSync(file, bytes);
}
