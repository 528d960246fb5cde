import { describe, expect, it } from 'vitest';
import { stateWords } from '../../renderer/features/files/file-words.ts';
import type { FileState } from '../../shared/contract/file-models.ts';
import { plainFileName } from '../../shared/domain/file-name.ts';

const say = (state: FileState, percent: number | null = null, problem: string | null = null) => {
	const { words, offer } = stateWords({ state, percent, problem });
	return offer ? `${words} · ${offer}` : words;
};

describe('where a file is, in words', () => {
	it.each([
		[say('here'), 'here'],
		[say('sending', 43), 'sending 43 %'],
		[say('waiting'), 'waiting to be sent'],
		[say('waiting', 43, 'unreachable'), 'waiting to be sent, 43 % are there'],
		[say('waiting', null, 'wrong_file'), 'waiting to be sent: what came was not the file'],
		[say('office'), 'at the office · fetch'],
		[say('office', 65), 'at the office, 65 % here · fetch'],
		[say('fetching', 12), 'fetching 12 %'],
		[say('queued', null, 'not_there'), 'waiting to be fetched: not at the office yet · fetch'],
		[say('queued', 12, 'disk_full'), 'waiting to be fetched, 12 % here: too little room on this laptop · fetch'],
		[say('damaged'), 'damaged, fetch again · fetch'],
		[say('damaged', null, 'only_copy'), 'damaged, and not at the office: add the file again'],
	])('%s', (said, expected) => {
		expect(said).toBe(expected);
	});

	it('has no word for being offline, which is normal', () => {
		expect(stateWords({ state: 'waiting', percent: null, problem: 'unreachable' }).tone).toBe('muted');
		expect(stateWords({ state: 'waiting', percent: null, problem: 'refused' }).tone).toBe('amber');
	});
});

describe('the name of a file', () => {
	it.each([
		['Report.pdf', 'Report.pdf'],
		['..\\..\\Windows\\evil.exe', '_.._Windows_evil.exe'],
		['/etc/passwd', '_etc_passwd'],
		['in\u202egpj.exe', 'ingpj.exe'],
		['a\u0000b\nc.txt', 'abc.txt'],
		['  .hidden  ', 'hidden'],
		['Zu\u0308rich.txt', 'Zürich.txt'],
		['\u200b', 'File'],
		['half \ud83d', 'half \ufffd'],
	])('%j becomes %j', (given, expected) => {
		expect(plainFileName(given)).toBe(expected);
	});

	it('keeps its ending when it is too long', () => {
		const name = plainFileName(`${'x'.repeat(400)}.docx`);
		expect(name).toHaveLength(255);
		expect(name.endsWith('x.docx')).toBe(true);
	});
});
