// `npm run sbom [-- FILE]`: the software bill of materials as CycloneDX 1.6, from the lock file, the built app's own list of
// what it bundles, and what the server imports. The same sources give the same bytes.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { buildApp } from './build-app.mjs';
import { rootDir } from './paths.mjs';

/** The runtime: downloaded, and shipped beside the bundles. */
const shippedWhole = ['electron', 'better-sqlite3'];

/**
 * @typedef {object} Locked
 * @property {string} version
 * @property {string} [name]
 * @property {string} [license]
 * @property {string} [integrity]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 */

/**
 * `required` is what runs at a person's or at the office; the rest only builds and tests it.
 * @param {{ lock: string, notices: string, serverImports: string[] }} sources lock file and notices as text
 */
export function makeSbom({ lock, notices, serverImports }) {
	const { name, version, packages } = JSON.parse(lock);
	const located = Object.entries(/** @type {Record<string, Locked>} */ (packages)).filter(([at]) => at !== '');
	const required = new Set([...bundledIn(located, notices), ...reachedFrom(packages, serverImports)]);
	/** @type {Map<string, ReturnType<typeof describe>>} */
	const components = new Map();
	/** @type {Map<string, Set<string>>} */
	const needs = new Map();
	for (const [at, entry] of located) {
		const found = describe(at, entry, required.has(at));
		const known = components.get(found['bom-ref']);
		if (!known || found.scope === 'required') components.set(found['bom-ref'], found);
		const refs = needs.get(found['bom-ref']) ?? new Set();
		for (const other of neededBy(packages, at)) refs.add(refOf(other, packages[other]));
		needs.set(found['bom-ref'], refs);
	}
	const root = `pkg:npm/${name}@${version}`;
	const first = neededBy(packages, '').map((at) => refOf(at, packages[at]));
	return {
		bomFormat: 'CycloneDX',
		specVersion: '1.6',
		serialNumber: `urn:uuid:${uuidOf(lock + notices)}`,
		version: 1,
		metadata: { component: { type: 'application', 'bom-ref': root, name, version, purl: root } },
		components: [...components.values()].sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1)),
		dependencies: [
			{ ref: root, dependsOn: [...new Set(first)].sort() },
			...[...needs].map(([ref, on]) => ({ ref, dependsOn: [...on].sort() })).sort((a, b) => (a.ref < b.ref ? -1 : 1)),
		],
	};
}

/**
 * @param {string} at
 * @param {Locked} entry
 * @param {boolean} isRequired
 */
function describe(at, entry, isRequired) {
	const full = entry.name ?? at.slice(at.lastIndexOf('node_modules/') + 'node_modules/'.length);
	const [group, name] = full.startsWith('@') ? full.split('/') : [undefined, full];
	const ref = refOf(at, entry);
	return {
		type: 'library',
		'bom-ref': ref,
		...(group ? { group } : {}),
		name: name ?? full,
		version: entry.version,
		scope: isRequired ? 'required' : 'excluded',
		...(entry.integrity ? { hashes: [hashOf(entry.integrity)] } : {}),
		licenses: licencesOf(at, entry),
		purl: ref,
	};
}

/**
 * @param {string} at
 * @param {Locked | undefined} entry
 */
function refOf(at, entry) {
	const full = entry?.name ?? at.slice(at.lastIndexOf('node_modules/') + 'node_modules/'.length);
	return `pkg:npm/${full.replace('@', '%40')}@${entry?.version}`;
}

/** @param {string} integrity */
function hashOf(integrity) {
	const [, base64 = ''] = /^sha512-(\S+)/.exec(integrity) ?? [];
	return { alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') };
}

/**
 * @param {string} at
 * @param {Locked} entry
 */
function licencesOf(at, entry) {
	const stated = entry.license ?? statedInPackage(at);
	if (!stated) return [];
	return / (OR|AND|WITH) /.test(stated) ? [{ expression: stated }] : [{ license: { id: stated } }];
}

/** @param {string} at */
function statedInPackage(at) {
	const file = path.join(rootDir, at, 'package.json');
	if (!fs.existsSync(file)) return undefined;
	const { license, licenses } = JSON.parse(fs.readFileSync(file, 'utf8'));
	if (typeof license === 'string') return license;
	return license?.type ?? licenses?.map((/** @type {{ type: string }} */ each) => each.type).join(' OR ');
}

/**
 * @param {[string, Locked][]} located
 * @param {string} notices
 */
function bundledIn(located, notices) {
	const bundled = new Set([...notices.matchAll(/^(\S+ \d\S*) \([^\n]*\)$/gm)].map((match) => match[1]));
	return located
		.filter(([at, entry]) => {
			const full = entry.name ?? at.slice(at.lastIndexOf('node_modules/') + 'node_modules/'.length);
			return bundled.has(`${full} ${entry.version}`) || shippedWhole.some((name) => at === `node_modules/${name}`);
		})
		.map(([at]) => at);
}

/**
 * Everything that is loaded when one of the packages is, by the way Node finds it.
 * @param {Record<string, Locked>} packages
 * @param {string[]} names
 */
function reachedFrom(packages, names) {
	/** @type {Set<string>} */
	const reached = new Set();
	const waiting = names.map((name) => `node_modules/${name}`).filter((at) => packages[at]);
	for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
		if (reached.has(at)) continue;
		reached.add(at);
		waiting.push(...neededBy(packages, at));
	}
	return reached;
}

/**
 * @param {Record<string, Locked>} packages
 * @param {string} at '' for the project itself
 */
function neededBy(packages, at) {
	const entry = /** @type {Locked & { devDependencies?: Record<string, string> }} */ (packages[at]);
	const names = Object.keys({ ...entry.dependencies, ...entry.optionalDependencies, ...entry.devDependencies });
	return names.map((name) => locate(packages, at, name)).filter((found) => found !== undefined);
}

/**
 * @param {Record<string, Locked>} packages
 * @param {string} at
 * @param {string} name
 * @returns {string | undefined}
 */
function locate(packages, at, name) {
	let base = at;
	for (;;) {
		const found = `${base === '' ? '' : `${base}/`}node_modules/${name}`;
		if (packages[found]) return found;
		if (base === '') return undefined;
		base = base.includes('/node_modules/') ? base.slice(0, base.lastIndexOf('/node_modules/')) : '';
	}
}

/** @param {string} text */
function uuidOf(text) {
	const hex = createHash('sha256').update(text).digest('hex');
	return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
		'-',
	);
}

/** The packages that the server's sources, and what they share with the app, import by name. */
export function importsOfServer() {
	const files = ['server', 'shared'].flatMap((folder) =>
		fs
			.readdirSync(path.join(rootDir, folder), { recursive: true })
			.map((name) => path.join(rootDir, folder, String(name)))
			.filter((name) => name.endsWith('.ts')),
	);
	const names = files.flatMap((file) =>
		[...fs.readFileSync(file, 'utf8').matchAll(/^import (?!type )[^;]*?from '([^.'][^']*)';$/gm)].map((match) =>
			String(match[1])
				.split('/')
				.slice(0, match[1]?.startsWith('@') ? 2 : 1)
				.join('/'),
		),
	);
	return [...new Set(names)].filter((name) => !name.startsWith('node:')).sort();
}

if (process.argv[1] === import.meta.filename) {
	await buildApp();
	const lock = fs.readFileSync(path.join(rootDir, 'package-lock.json'), 'utf8');
	const notices = fs.readFileSync(path.join(rootDir, 'out', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
	const bom = makeSbom({ lock, notices, serverImports: importsOfServer() });
	const file = path.resolve(process.argv[2] ?? path.join(rootDir, 'dist', 'fieldbook.cdx.json'));
	fs.mkdirSync(path.dirname(file), { recursive: true });
	fs.writeFileSync(file, `${JSON.stringify(bom, null, '\t')}\n`);
	const shipped = bom.components.filter(({ scope }) => scope === 'required').length;
	console.log(`${path.relative(rootDir, file)}: ${bom.components.length} packages, ${shipped} of them shipped.`);
}
