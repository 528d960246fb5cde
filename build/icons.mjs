// `npm run icons`: every icon from build/icons/fieldbook.svg. The results are committed, so that building the app needs
// no drawing; Electron draws, and the two container formats are simple enough to write by hand.
import fs from 'node:fs';
import path from 'node:path';
import { rootDir } from './paths.mjs';
import { run } from './processes.mjs';
import { prepareRuntime } from './runtime.mjs';
import { withDisplay } from './virtual-display.mjs';

const iconsDir = path.join(rootDir, 'build', 'icons');
const pngDir = path.join(iconsDir, 'png');
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const icoSizes = [16, 24, 32, 48, 64, 128, 256];

/** What macOS calls each size; 11 to 14 are the same sizes for displays with two pixels per point. */
const icnsTypes = {
	ic11: 32,
	ic12: 64,
	ic07: 128,
	ic13: 256,
	ic08: 256,
	ic14: 512,
	ic09: 512,
	ic10: 1024,
};

/**
 * A directory of entries, then the PNG files as they are.
 * @param {Map<number, Buffer>} images
 */
export function makeIco(images) {
	const header = Buffer.alloc(6 + 16 * images.size);
	header.writeUInt16LE(1, 2);
	header.writeUInt16LE(images.size, 4);
	let offset = header.length;
	[...images].forEach(([size, png], index) => {
		const entry = 6 + 16 * index;
		// One byte each: 256 is written as 0.
		header.writeUInt8(size % 256, entry);
		header.writeUInt8(size % 256, entry + 1);
		header.writeUInt16LE(1, entry + 4);
		header.writeUInt16LE(32, entry + 6);
		header.writeUInt32LE(png.length, entry + 8);
		header.writeUInt32LE(offset, entry + 12);
		offset += png.length;
	});
	return Buffer.concat([header, ...images.values()]);
}

/**
 * Chunks of a four-letter type, a length that counts its own eight bytes, and a PNG.
 * @param {[string, Buffer][]} images
 */
export function makeIcns(images) {
	const chunks = images.map(([type, png]) => Buffer.concat([chunkHead(type, png.length + 8), png]));
	const length = chunks.reduce((sum, chunk) => sum + chunk.length, 8);
	return Buffer.concat([chunkHead('icns', length), ...chunks]);
}

/**
 * @param {string} type
 * @param {number} length
 */
function chunkHead(type, length) {
	const head = Buffer.alloc(8);
	head.write(type, 'latin1');
	head.writeUInt32BE(length, 4);
	return head;
}

async function makeIcons() {
	const { electron, switches } = await prepareRuntime();
	fs.mkdirSync(pngDir, { recursive: true });
	const script = path.join(iconsDir, 'render.mjs');
	const args = [...switches, script, path.join(iconsDir, 'fieldbook.svg'), pngDir, sizes.join(',')];
	const options = /** @type {const} */ ({ output: 'capture', timeoutMs: 60_000 });
	const result = await withDisplay(() => run(electron.executable, args, options));
	if (result.code !== 0) throw new Error(`Drawing failed: ${result.output}`);
	const pngOf = (/** @type {number} */ size) => fs.readFileSync(path.join(pngDir, `${size}x${size}.png`));
	const ico = makeIco(new Map(icoSizes.map((size) => [size, pngOf(size)])));
	fs.writeFileSync(path.join(iconsDir, 'fieldbook.ico'), ico);
	const icns = makeIcns(Object.entries(icnsTypes).map(([type, size]) => [type, pngOf(size)]));
	fs.writeFileSync(path.join(iconsDir, 'fieldbook.icns'), icns);
	console.log(`Drew ${sizes.length} sizes, fieldbook.ico and fieldbook.icns.`);
}

if (process.argv[1] === import.meta.filename) await makeIcons();
