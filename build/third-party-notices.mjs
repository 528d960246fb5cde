// The licences of everything that is bundled, taken from the bundles themselves: a list kept by hand is never true.
import fs from 'node:fs';
import path from 'node:path';
import { rootDir } from './paths.mjs';

/** Shipped beside the bundles, not in them. */
const shippedWhole = ['better-sqlite3'];

/** Collects the packages whose modules end up in a bundle. */
export class NoticeCollector {
	/** @type {Set<string>} package folders */
	#folders = new Set(shippedWhole.map((name) => path.join(rootDir, 'node_modules', name)));

	/** @returns {import('vite').Plugin} */
	plugin() {
		return {
			name: 'third-party-notices',
			generateBundle: (_options, bundle) => {
				for (const chunk of Object.values(bundle)) {
					const sources = chunk.type === 'chunk' ? Object.keys(chunk.modules) : chunk.originalFileNames;
					for (const source of sources) this.#note(source);
				}
			},
		};
	}

	/** @param {string} source */
	#note(source) {
		const match = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(
			path.resolve(rootDir, 'renderer', source),
		);
		if (match?.[1] && !match[1].includes('\0')) this.#folders.add(match[1]);
	}

	/** @param {string} file */
	write(file) {
		const entries = [...this.#folders]
			.filter((folder) => fs.existsSync(path.join(folder, 'package.json')))
			.map(describePackage);
		const sorted = [
			...new Map(entries.sort((a, b) => (a.id < b.id ? -1 : 1)).map((entry) => [entry.id, entry])).values(),
		];
		const intro = `Fieldbook contains the following ${sorted.length} packages. Electron and Chromium have their own list beside the executable.\n`;
		fs.writeFileSync(file, [intro, ...sorted.map((entry) => entry.text)].join(`\n${'-'.repeat(80)}\n`));
		return sorted.length;
	}
}

/** @param {string} folder */
function describePackage(folder) {
	const meta = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
	const id = `${meta.name} ${meta.version}`;
	const texts = fs
		.readdirSync(folder)
		.filter((name) => /^(licen[cs]e|notice|copying|ofl)/i.test(name) && fs.statSync(path.join(folder, name)).isFile())
		.map((name) => fs.readFileSync(path.join(folder, name), 'utf8').trim());
	const licence = typeof meta.license === 'string' ? meta.license : 'see text';
	return { id, text: [`${id} (${licence})`, ...texts].join('\n\n') };
}
