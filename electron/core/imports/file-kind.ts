import { type FileHandle, open } from 'node:fs/promises';
import { CoreError } from '../../../shared/contract/errors.ts';
import { limits, megabytes } from './limits.ts';

export interface FileKind {
	kind: 'csv' | 'xlsx';
	sizeBytes: number;
}

/**
 * What a file is, by its content and whatever its name says. Throws CoreError `file_gone`, `file_empty`,
 * `file_too_large`, `file_password` or `file_wrong_kind`, each with what to do about it.
 */
export async function detectFileKind(path: string): Promise<FileKind> {
	const handle = await openFile(path);
	try {
		const { size, isFile } = await handle.stat().then((stat) => ({ size: stat.size, isFile: stat.isFile() }));
		if (!isFile) throw new CoreError('file_wrong_kind', 'This is a folder, not a file.');
		if (size === 0) throw new CoreError('file_empty', 'The file is empty (0 bytes).');
		const head = Buffer.alloc(Math.min(size, 65_536));
		await handle.read(head, 0, head.length, 0);
		const kind = await kindOf(head, handle, size);
		const limit = kind === 'csv' ? limits.csvBytes : limits.xlsxBytes;
		if (size > limit) {
			const what = kind === 'csv' ? 'A text file' : 'A workbook';
			throw new CoreError(
				'file_too_large',
				`${what} may have up to ${megabytes(limit)}; this one has ${megabytes(size)}. Split it${kind === 'xlsx' ? ' or save it as CSV' : ''}.`,
			);
		}
		return { kind, sizeBytes: size };
	} finally {
		await handle.close();
	}
}

async function openFile(path: string): Promise<FileHandle> {
	try {
		return await open(path, 'r');
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code;
		if (code === 'ENOENT') throw new CoreError('file_gone', 'The file is no longer where it was.');
		if (code === 'EACCES' || code === 'EPERM' || code === 'EBUSY') {
			throw new CoreError(
				'file_not_readable',
				'The file cannot be opened: another program holds it, or you may not read it.',
			);
		}
		throw new CoreError('io_error', `The file cannot be opened (${code ?? 'unknown reason'}).`);
	}
}

const wrongKind = (what: string, advice: string) => new CoreError('file_wrong_kind', `This is ${what}. ${advice}`);
const SAVE_AS = 'Open it in a spreadsheet program and save it as .xlsx or .csv.';

async function kindOf(head: Buffer, handle: FileHandle, size: number): Promise<'csv' | 'xlsx'> {
	const latin = head.toString('latin1', 0, 4096);
	if (latin.startsWith('PK\u0003\u0004') || latin.startsWith('PK\u0005\u0006')) return kindOfZip(head);
	if (latin.startsWith('\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1')) throw await compoundFile(handle, size);
	const signature = SIGNATURES.find(([start]) => latin.startsWith(start));
	if (signature) throw wrongKind(signature[1], 'Fieldbook imports .xlsx and .csv files.');
	refuseMarkup(latin);
	if (looksBinary(head)) throw wrongKind('not a text file', 'Fieldbook imports .xlsx and .csv files.');
	if (isBlank(head, size)) throw new CoreError('file_empty', 'There is nothing in the file but blanks.');
	return 'csv';
}

const SIGNATURES: readonly [string, string][] = [
	['%PDF', 'a PDF document'],
	['\u0089PNG', 'a picture'],
	['\u00ff\u00d8\u00ff', 'a picture'],
	['GIF8', 'a picture'],
	['{\\rtf', 'an RTF document'],
	['Rar!', 'a RAR archive'],
	['7z\u00bc\u00af', 'a 7-Zip archive'],
	['\u001f\u008b', 'a gzip archive'],
	['SQLite format 3', 'a database'],
	['MZ', 'a program'],
];

function kindOfZip(head: Buffer): 'xlsx' {
	const names = head.toString('latin1');
	if (names.includes('application/vnd.oasis.opendocument')) throw wrongKind('an OpenDocument file', SAVE_AS);
	if (names.includes('word/document.xml'))
		throw wrongKind('a Word document', 'Fieldbook imports .xlsx and .csv files.');
	if (names.includes('ppt/presentation.xml'))
		throw wrongKind('a presentation', 'Fieldbook imports .xlsx and .csv files.');
	// Whether a workbook is inside is seen when its directory is read.
	return 'xlsx';
}

/** Old .xls, or a workbook with a password: both are compound files, told apart by the names of their streams. */
async function compoundFile(handle: FileHandle, size: number): Promise<CoreError> {
	const whole = Buffer.alloc(Math.min(size, 8 * 1024 * 1024));
	await handle.read(whole, 0, whole.length, 0);
	const has = (name: string) => whole.includes(Buffer.from(name, 'utf16le'));
	if (has('EncryptedPackage')) {
		return new CoreError(
			'file_password',
			'This workbook is protected with a password. Open it, remove the password, save it and import it again.',
		);
	}
	if (has('Workbook') || has('Book')) {
		return wrongKind(
			'a workbook in the old Excel format (.xls), which is not supported yet',
			'Open it in Excel or LibreOffice and save it as .xlsx.',
		);
	}
	return wrongKind('an old Office document', 'Fieldbook imports .xlsx and .csv files.');
}

function refuseMarkup(latin: string): void {
	const start = latin
		.replace(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, '')
		.replaceAll('\0', '')
		.trimStart()
		.slice(0, 400)
		.toLowerCase();
	if (/^(?:<!doctype html|<html|<head|<table|<body|<meta|<div)/.test(start)) {
		throw wrongKind('a web page, whatever its name says', SAVE_AS);
	}
	if (start.startsWith('<?xml') || start.startsWith('<workbook')) throw wrongKind('an XML file', SAVE_AS);
	if (/^(?:\{\s*"|\[\s*[{[])/.test(start)) throw wrongKind('a JSON file', 'Fieldbook imports .xlsx and .csv files.');
}

/** More than one control byte in two hundred, without being UTF-16, is no text. */
function looksBinary(head: Buffer): boolean {
	if (utf16Kind(head) !== null) return false;
	let controls = 0;
	for (const byte of head) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 26 && byte !== 27)) controls++;
	return controls > Math.max(2, head.length / 200);
}

function isBlank(head: Buffer, size: number): boolean {
	return size <= head.length && /^[\s\0\u00ef\u00bb\u00bf\u00ff\u00fe]*$/.test(head.toString('latin1'));
}

/** UTF-16 by its mark or by its pattern of zero bytes; null when it is not. */
export function utf16Kind(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
	if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
	if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
	const pairs = Math.min(head.length >> 1, 2000);
	let even = 0;
	let odd = 0;
	for (let index = 0; index < pairs; index++) {
		if (head[index * 2] === 0) even++;
		if (head[index * 2 + 1] === 0) odd++;
	}
	if (pairs < 4) return null;
	if (odd > pairs * 0.6 && even < pairs * 0.05) return 'utf-16le';
	return even > pairs * 0.6 && odd < pairs * 0.05 ? 'utf-16be' : null;
}
