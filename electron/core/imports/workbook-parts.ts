import { CoreError } from '../../../shared/contract/errors.ts';
import { attribute, createXmlScanner, decodeXml, type XmlHandler } from './xml-scan.ts';
import type { ZipFile } from './zip-file.ts';

export interface Sheet {
	name: string;
	part: string;
	hidden: boolean;
}

export interface Workbook {
	sheets: Sheet[];
	/** True when day numbers count from 1904 (old Macs). */
	from1904: boolean;
	sharedStringsPart: string | undefined;
	/** Per cell style: what a number in it shows. */
	styles: NumberLook[];
}

export type NumberLook = 'number' | 'date' | 'time';

/** Reads a workbook's small parts. Throws `file_wrong_kind` for a zip that is no workbook. */
export async function readWorkbook(zip: ZipFile): Promise<Workbook> {
	const rels = await zip.text('_rels/.rels');
	const main =
		relations(rels ?? '', '').find((relation) => relation.type.endsWith('/officeDocument'))?.target ??
		'xl/workbook.xml';
	const xml = await zip.text(main);
	if (xml === undefined || !/<(?:\w+:)?workbook[\s>]/.test(xml)) {
		const binary = zip.names().some((name) => name.endsWith('workbook.bin'));
		throw new CoreError(
			'file_wrong_kind',
			binary
				? 'This is a binary workbook (.xlsb), which is not supported. Save it as .xlsx.'
				: 'This is a zip archive without a workbook in it. Fieldbook imports .xlsx and .csv files.',
		);
	}
	const folder = main.slice(0, main.lastIndexOf('/') + 1);
	const links = relations((await zip.text(`${folder}_rels/${main.slice(folder.length)}.rels`)) ?? '', folder);
	const partOf = (suffix: string) => links.find((link) => link.type.endsWith(suffix))?.target;
	const stylesPart = partOf('/styles');
	const { sheets, from1904 } = readSheets(xml, new Map(links.map((link) => [link.id, link.target])));
	return {
		sheets: sheets.filter((sheet) => zip.has(sheet.part)),
		from1904,
		sharedStringsPart: partOf('/sharedStrings'),
		styles: stylesPart ? readStyles((await zip.text(stylesPart)) ?? '') : [],
	};
}

interface Relation {
	id: string;
	type: string;
	target: string;
}

function relations(xml: string, folder: string): Relation[] {
	const found: Relation[] = [];
	eachTag(xml, (name, attributes) => {
		if (name !== 'Relationship' || attribute(attributes, 'TargetMode') === 'External') return;
		const target = attribute(attributes, 'Target') ?? '';
		const part = target.startsWith('/') ? target.slice(1) : resolve(folder, target);
		found.push({ id: attribute(attributes, 'Id') ?? '', type: attribute(attributes, 'Type') ?? '', target: part });
	});
	return found;
}

function resolve(folder: string, target: string): string {
	const parts = `${folder}${target}`.split('/');
	const path: string[] = [];
	for (const part of parts) {
		if (part === '..') path.pop();
		else if (part !== '.' && part !== '') path.push(part);
	}
	return path.join('/');
}

function eachTag(xml: string, tag: (name: string, attributes: string) => void): void {
	const handler: XmlHandler = { wantsText: false, open: tag, close: () => {}, text: () => {} };
	createXmlScanner(handler).push(xml);
}

function readSheets(xml: string, parts: Map<string, string>): { sheets: Sheet[]; from1904: boolean } {
	const sheets: Sheet[] = [];
	let from1904 = false;
	eachTag(xml, (name, attributes) => {
		if (name === 'workbookPr') from1904 = /^(?:1|true)$/.test(attribute(attributes, 'date1904') ?? '');
		if (name !== 'sheet') return;
		const id = /\s[\w.-]+:id\s*=\s*["']([^"']*)/.exec(attributes)?.[1] ?? attribute(attributes, 'id') ?? '';
		const part = parts.get(id);
		const state = attribute(attributes, 'state') ?? 'visible';
		if (part) sheets.push({ name: attribute(attributes, 'name') ?? '', part, hidden: state !== 'visible' });
	});
	return { sheets, from1904 };
}

/** Excel's own formats that show days, and those that show only a time of day (ECMA-376 18.8.30). */
const DAY_FORMATS = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58]);
const TIME_FORMATS = new Set([18, 19, 20, 21, 32, 33, 45, 46, 47]);

function readStyles(xml: string): NumberLook[] {
	const custom = new Map<number, NumberLook>();
	const looks: NumberLook[] = [];
	let inCells = false;
	eachTag(xml, (name, attributes) => {
		if (name === 'numFmt')
			custom.set(Number(attribute(attributes, 'numFmtId')), lookOf(attribute(attributes, 'formatCode') ?? ''));
		else if (name === 'cellXfs') inCells = true;
		else if (name === 'cellStyles' || name === 'dxfs') inCells = false;
		else if (name === 'xf' && inCells) {
			const id = Number(attribute(attributes, 'numFmtId') ?? 0);
			looks.push(custom.get(id) ?? (DAY_FORMATS.has(id) ? 'date' : TIME_FORMATS.has(id) ? 'time' : 'number'));
		}
	});
	return looks;
}

/** What a number format shows: letters of dates outside quotes, brackets and escapes. */
function lookOf(code: string): NumberLook {
	const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '').toLowerCase();
	if (bare.includes('general') || !/[dmyhs]/.test(bare)) return 'number';
	return /[dy]|(?<![:h]\s*)m{3,}/.test(bare) ? 'date' : 'time';
}

/** The workbook's shared texts in order. Pronunciation runs are left out. */
export class SharedStrings implements XmlHandler {
	readonly strings: string[] = [];
	wantsText = false;
	private current = '';
	private phonetic = false;

	open(name: string, _attributes: string, empty: boolean): void {
		if (name === 'si') {
			this.current = '';
			if (empty) this.strings.push('');
		} else if (name === 't') this.wantsText = !empty && !this.phonetic;
		else if (name === 'rPh') this.phonetic = !empty;
	}

	text(raw: string): void {
		this.current = this.current === '' ? raw : this.current + raw;
	}

	close(name: string): void {
		if (name === 't') this.wantsText = false;
		else if (name === 'rPh') this.phonetic = false;
		else if (name === 'si') this.strings.push(decodeXml(this.current));
	}
}
