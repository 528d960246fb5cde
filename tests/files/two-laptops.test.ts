import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileTransport } from '../../electron/core/files/file-transport.ts';
import { FileWorld, flipBit, onAccount, only, sealedFiles, token } from './file-world.ts';

let world: FileWorld;
beforeEach(async () => {
	world = await FileWorld.start();
});
afterEach(() => world.stop());

describe('a file from one laptop to another', () => {
	it('arrives whole, and each side says where it is on the way', async () => {
		const sam = await world.laptop('sam');
		const specialist = await world.laptop('specialist');
		const file = world.file('Fee schedule.pdf', 300_000);
		const id = await world.add(sam, file.path);
		expect(await only(sam)).toMatchObject({
			file_name: 'Fee schedule.pdf',
			media_type: 'application/pdf',
			size: 300_000,
			state: 'waiting',
			onlyHere: true,
			unsent: true,
			internal: true,
			added_by_name: 'Ada Lind',
		});
		await sam.ok('sync.now', {});
		await specialist.ok('sync.now', {});
		// The record has arrived, the bytes are still on the other laptop: said as such, nothing waits for it.
		expect(await only(specialist)).toMatchObject({ id, state: 'office', percent: null });
		expect((await specialist.refused('attachments.fetch', { id })).code).toBe('file_not_there');
		expect(await only(specialist)).toMatchObject({ state: 'queued', problem: 'not_there' });

		await sam.ok('files.now', {});
		expect(await only(sam)).toMatchObject({ state: 'here', onlyHere: false, unsent: false });
		expect(world.kept(file.sha256)?.equals(file.bytes)).toBe(true);

		expect((await specialist.refused('attachments.saveCopy', { id, target: token(specialist, '/tmp/x') })).code).toBe(
			'file_not_here',
		);
		await specialist.ok('attachments.fetch', { id });
		expect(await only(specialist)).toMatchObject({ state: 'here', onlyHere: false });
		expect((await world.copyOf(specialist, id)).equals(file.bytes)).toBe(true);
	});

	it('is saved beside a download of the same name without touching it', async () => {
		const sam = await world.laptop('sam');
		const id = await world.add(sam, world.file('Fee schedule.pdf', 1000).path);
		const target = path.join(world.folder, 'copy.pdf');
		fs.writeFileSync(`${target}.part`, 'of a browser');
		await sam.ok('attachments.saveCopy', { id, target: token(sam, target) });
		expect(fs.readFileSync(`${target}.part`, 'utf8')).toBe('of a browser');
		expect(
			fs
				.readdirSync(world.folder)
				.filter((name) => name.startsWith('copy.pdf'))
				.sort(),
		).toEqual(['copy.pdf', 'copy.pdf.part']);
	});

	it('is named, marked, deleted and brought back like any record', async () => {
		const sam = await world.laptop('sam');
		const specialist = await world.laptop('specialist');
		const id = await world.add(sam, world.file('minutes.txt', Buffer.from('Agreed.')).path);
		await world.settle(sam, specialist);
		await specialist.ok('attachments.rename', { id, file_name: '../../etc/Minutes \u202egpj.txt' });
		await specialist.ok('attachments.setInternal', { id, internal: false });
		await world.settle(specialist, sam);
		expect(await only(sam)).toMatchObject({ file_name: '_.._etc_Minutes gpj.txt', internal: false });
		await sam.ok('attachments.delete', { id });
		expect(await sam.ok('attachments.list', onAccount)).toEqual([]);
		await sam.ok('undo.last', {});
		expect(await only(sam)).toMatchObject({ state: 'here' });
	});

	it('belongs to the account of its visit, issue or note', async () => {
		const sam = await world.laptop('sam');
		const visit = await sam.ok('visits.create', {
			account_id: 'a-2',
			purpose: 'Review',
			time_zone: 'Asia/Tokyo',
			local_start: '2026-12-01T09:00',
			local_end: '2026-12-01T10:00',
		});
		const note = await sam.ok('notes.create', {
			account_id: 'a-2',
			parent_type: 'visit',
			parent_id: visit.id,
			internal: false,
		});
		const file = world.file('plan.txt', Buffer.from('x'));
		await world.add(sam, file.path, { parent_type: 'visit', parent_id: visit.id });
		await world.add(sam, file.path, { parent_type: 'note', parent_id: note.id });
		expect(await only(sam, { parent_type: 'visit', parent_id: visit.id })).toMatchObject({
			account_id: 'a-2',
			internal: true,
		});
		expect(await only(sam, { parent_type: 'note', parent_id: note.id })).toMatchObject({
			account_id: 'a-2',
			internal: false,
		});
		const gone = await sam.refused('attachments.add', {
			parent_type: 'issue',
			parent_id: 'none',
			files: [token(sam, file.path)],
		});
		expect(gone.code).toBe('not_found');
	});

	it('is stored once when two people add it, and the second sends no byte of it', async () => {
		const sam = await world.laptop('sam');
		let sent = 0;
		const specialist = await world.laptop('specialist');
		const file = world.file('contract.pdf', 500_000);
		await world.add(sam, file.path);
		await world.settle(sam);
		const real = fileTransport({ url: world.server.url, token: 'dev-specialist' });
		const counting = await world.laptop('specialist', {
			fileTransport: {
				send: (request) => {
					sent += request.body?.length ?? 0;
					return real.send(request);
				},
			},
		});
		await world.add(counting, file.path);
		await world.settle(counting, specialist);
		expect(sent).toBe(0);
		expect((await counting.ok('attachments.list', onAccount)).map((row) => row.state)).toEqual(['here', 'here']);
		const kept = fs.readdirSync(world.blobDir, { recursive: true }).filter((name) => String(name).length > 60);
		expect(kept).toHaveLength(1);
	});

	it('may be empty', async () => {
		const sam = await world.laptop('sam');
		const specialist = await world.laptop('specialist');
		const id = await world.add(sam, world.file('empty.txt', Buffer.alloc(0)).path);
		await world.settle(sam, specialist);
		await specialist.ok('attachments.fetch', { id });
		expect(await world.copyOf(specialist, id)).toHaveLength(0);
	});

	it('can be shown when it is a picture or plain text, and nothing else can', async () => {
		const sam = await world.laptop('sam');
		const preview = async (name: string, bytes: Buffer) => {
			const id = await world.add(sam, world.file(name, bytes).path);
			return sam.ok('attachments.preview', { id });
		};
		const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
		expect(await preview('note.pdf', png)).toMatchObject({ kind: 'image', mediaType: 'image/png' });
		expect(await preview('Zürich.txt', Buffer.from('Zürich'))).toEqual({ kind: 'text', text: 'Zürich', cut: false });
		expect(await preview('page.html', Buffer.from('<script>alert(1)</script>'))).toMatchObject({ kind: 'text' });
		expect(await preview('photo.png', Buffer.from('00010203', 'hex'))).toEqual({ kind: 'none' });
	});
});

describe('damage on one laptop', () => {
	it('is said, never shown or saved, and mended from the office', async () => {
		const sam = await world.laptop('sam');
		const file = world.file('memo.txt', Buffer.from('the words '.repeat(30_000)));
		const id = await world.add(sam, file.path);
		await world.settle(sam);
		const [sealed] = sealedFiles(sam);
		flipBit(sealed!, 200_000);
		const target = `${world.folder}/copy.txt`;
		const refusal = await sam.refused('attachments.saveCopy', { id, target: token(sam, target) });
		expect(refusal.code).toBe('file_damaged');
		expect(fs.existsSync(target)).toBe(false);
		expect(fs.existsSync(`${target}.part`)).toBe(false);
		expect(await only(sam)).toMatchObject({ state: 'damaged' });
		await sam.ok('attachments.fetch', { id });
		expect((await world.copyOf(sam, id)).equals(file.bytes)).toBe(true);
	});

	it('is not sent to the office: the file is said to be damaged, and adding it again sends it', async () => {
		const sam = await world.laptop('sam');
		const file = world.file('memo.txt', 200_000);
		await world.add(sam, file.path);
		flipBit(sealedFiles(sam)[0]!, 70_000);
		await world.settle(sam);
		expect(await only(sam)).toMatchObject({ state: 'damaged', problem: 'only_copy' });
		expect(world.kept(file.sha256)).toBeUndefined();
		await world.add(sam, file.path);
		await world.settle(sam);
		expect(world.kept(file.sha256)?.equals(file.bytes)).toBe(true);
	});
});
