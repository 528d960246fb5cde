import { crc32, deflateRawSync } from 'node:zlib';

interface ZipOptions {
	/** Flags of every entry; 1 means encrypted. */
	flags?: number;
	/** Directory entries beyond the real ones. */
	repeat?: number;
}

/** A zip of the given parts, as plain as can be. */
export function makeZip(parts: Record<string, string | Buffer>, { flags = 0, repeat = 1 }: ZipOptions = {}): Buffer {
	const bodies: Buffer[] = [];
	const directory: Buffer[] = [];
	let offset = 0;
	for (const [name, content] of Object.entries(parts)) {
		const data = Buffer.from(content);
		const packed = deflateRawSync(data);
		const common = Buffer.alloc(26);
		common.writeUInt16LE(20, 0);
		common.writeUInt16LE(flags, 2);
		common.writeUInt16LE(8, 4);
		common.writeUInt32LE(crc32(data), 10);
		common.writeUInt32LE(packed.length, 14);
		common.writeUInt32LE(data.length, 18);
		common.writeUInt16LE(Buffer.byteLength(name), 22);
		const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, Buffer.from(name), packed]);
		const tail = Buffer.alloc(14);
		tail.writeUInt32LE(offset, 10);
		for (let times = 0; times < repeat; times++) {
			directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\0', 'latin1'), common, tail, Buffer.from(name)]));
		}
		bodies.push(local);
		offset += local.length;
	}
	const table = Buffer.concat(directory);
	const end = Buffer.alloc(22);
	end.write('PK\u0005\u0006', 0, 'latin1');
	end.writeUInt16LE(directory.length, 8);
	end.writeUInt16LE(directory.length, 10);
	end.writeUInt32LE(table.length, 12);
	end.writeUInt32LE(offset, 16);
	return Buffer.concat([...bodies, table, end]);
}

const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** The parts of a workbook with one sheet, whose rows are given as XML. */
export function workbookParts(sheetData: string, more: Record<string, string> = {}): Record<string, string> {
	return {
		'_rels/.rels': `<Relationships><Relationship Id="r1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		'xl/workbook.xml':
			'<workbook xmlns:r="x"><sheets><sheet name="Cases &amp; more" sheetId="1" r:id="r1"/></sheets></workbook>',
		'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="r1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${RELATIONS}/styles" Target="styles.xml"/><Relationship Id="r3" Type="${RELATIONS}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
		'xl/styles.xml':
			'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="#,##0.00&quot;d&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/></cellXfs></styleSheet>',
		'xl/sharedStrings.xml':
			'<sst><si><t>Case</t></si><si><r><t>Filing </t></r><r><t>date</t></r><rPh><t>no</t></rPh></si></sst>',
		'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${sheetData}</sheetData></worksheet>`,
		...more,
	};
}

export const inline = (...cells: string[]) =>
	`<row>${cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`;
