import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeDurably } from './durable-file.ts';
import { type SlotFile, writeSlotFile } from './slots.ts';

/**
 * The key file is the smallest file of a workbook and the one that nothing can replace, so it lies there twice, each with
 * a checksum: where one is damaged, the other takes its place. Nothing secret is in either that is not in both.
 */
function copyOf(slots: string): string {
	return slots.replace(/\.json$/, '.copy.json');
}

/** Writes both, one after the other: after a crash at least one is whole. */
export function writeSlots(slots: string, file: SlotFile): void {
	const text = withSum(writeSlotFile(file));
	writeDurably(slots, text);
	writeDurably(copyOf(slots), text);
}

/** The text of the key file, mended from its copy where it is damaged; undefined where there is none. */
export function readSlotText(slots: string): string | undefined {
	// Without the file itself there is none: whoever destroyed it may not have come to the copy.
	if (!existsSync(slots)) return undefined;
	const text = readFileSync(slots, 'utf8');
	const copy = existsSync(copyOf(slots)) ? readFileSync(copyOf(slots), 'utf8') : undefined;
	if (isWhole(text)) {
		if (copy !== text) mend(copyOf(slots), text);
		return text;
	}
	// One from before there were checksums, or from whom there is no copy, is read as it is.
	if (copy === undefined || !isWhole(copy)) return text;
	mend(slots, copy);
	return copy;
}

/** That it cannot be written now keeps nobody out. */
function mend(file: string, text: string): void {
	try {
		writeDurably(file, text);
	} catch {
		// The next start tries again.
	}
}

function withSum(text: string): string {
	const file = JSON.parse(text) as object;
	return `${JSON.stringify({ ...file, sum: sumOf(file) }, null, '\t')}\n`;
}

function isWhole(text: string): boolean {
	try {
		const { sum, ...file } = JSON.parse(text) as { sum?: unknown };
		return sum === sumOf(file);
	} catch {
		return false;
	}
}

function sumOf(file: object): string {
	return createHash('sha256').update(JSON.stringify(file)).digest('hex');
}
