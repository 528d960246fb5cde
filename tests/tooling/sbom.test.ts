import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOfServer, makeSbom } from '../../build/sbom.mjs';

const rootDir = path.resolve(import.meta.dirname, '../..');
const lock = fs.readFileSync(path.join(rootDir, 'package-lock.json'), 'utf8');
const { packages } = JSON.parse(lock) as {
	packages: Record<string, { name?: string; version: string; integrity: string }>;
};

/** As the build writes them: a package, its version, its licence. */
const notices = ['Fieldbook contains ...', 'react 19.3.1 (MIT)', '@tiptap/core 3.34.0 (MIT)'].join(
	`\n${'-'.repeat(80)}\n`,
);
const bom = makeSbom({ lock, notices, serverImports: importsOfServer() });
const byRef = new Map(bom.components.map((component) => [component['bom-ref'], component]));

describe('the bill of materials', () => {
	it('has every package of the lock once, with its hash and its licence', () => {
		const wanted = Object.entries(packages)
			.filter(([at]) => at !== '')
			.map(([at, { name, version }]) => `${name ?? at.slice(at.lastIndexOf('node_modules/') + 13)}@${version}`);
		const found = bom.components.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name}@${version}`);
		expect(found.toSorted()).toEqual([...new Set(wanted)].toSorted());
		for (const component of bom.components) expect(component.hashes?.[0]?.content).toMatch(/^[0-9a-f]{128}$/);
		const shipped = bom.components.filter(({ scope }) => scope === 'required');
		expect(shipped.filter(({ licenses }) => licenses.length === 0).map(({ purl }) => purl)).toEqual([]);
	});

	it('says what is shipped: what is bundled, the runtime, and all that the server loads', () => {
		const scopeOf = (name: string) =>
			[...byRef.values()].filter(({ purl }) => purl.startsWith(`pkg:npm/${name}@`)).map(({ scope }) => scope);
		for (const name of [
			'react',
			'%40tiptap/core',
			'electron',
			'better-sqlite3-multiple-ciphers',
			'fastify',
			'avvio',
			'zod',
			'kysely',
		])
			expect([name, scopeOf(name)]).toEqual([name, ['required']]);
		for (const name of ['vitest', '%40playwright/test', 'typescript', 'fast-check'])
			expect([name, scopeOf(name)]).toEqual([name, ['excluded']]);
	});

	it('knows what needs what, and names nothing that is not there', () => {
		const refs = new Set([...byRef.keys(), bom.metadata.component['bom-ref']]);
		for (const { ref, dependsOn } of bom.dependencies)
			for (const each of [ref, ...dependsOn]) expect(refs).toContain(each);
		const fastify = bom.dependencies.find(({ ref }) => ref.startsWith('pkg:npm/fastify@'));
		expect(fastify?.dependsOn.some((ref) => ref.startsWith('pkg:npm/find-my-way@'))).toBe(true);
	});

	it('is the same for the same sources', () => {
		expect(makeSbom({ lock, notices, serverImports: importsOfServer() })).toEqual(bom);
		expect(makeSbom({ lock, notices: '', serverImports: [] }).serialNumber).not.toBe(bom.serialNumber);
	});
});

describe('what the build bundles', () => {
	const file = path.join(rootDir, 'out', 'THIRD-PARTY-NOTICES.txt');

	it.skipIf(!fs.existsSync(file))('has the text of its licence beside it, whole', () => {
		const [, ...entries] = fs.readFileSync(file, 'utf8').split(`\n${'-'.repeat(80)}\n`);
		expect(entries.length).toBeGreaterThan(40);
		const poor = entries.filter((entry) => entry.length < 400 || !/copyright|permission|license/i.test(entry));
		// Given to everybody without a condition, so without a text to carry along.
		const asking = poor.filter((entry) => !/^\S+ \S+ \((Unlicense|0BSD|CC0-1\.0)\)/.test(entry.trim()));
		expect(asking.map((entry) => entry.split('\n')[0])).toEqual([]);
	});

	it.skipIf(!fs.existsSync(file))('is locked, and under a licence that asks for nothing but its text', () => {
		const heads = [...fs.readFileSync(file, 'utf8').matchAll(/^(\S+) (\d\S*) \(([^\n]*)\)$/gm)];
		for (const [, name, version, licence] of heads) {
			const isLocked = Object.entries(packages).some(
				([at, entry]) =>
					(entry.name ?? at.slice(at.lastIndexOf('node_modules/') + 13)) === name && entry.version === version,
			);
			expect([name, isLocked]).toEqual([name, true]);
			expect([name, licence]).toEqual([
				name,
				expect.stringMatching(
					/^(MIT|ISC|BSD-[23]-Clause|0BSD|Apache-2\.0|OFL-1\.1|CC0-1\.0|Unlicense|BlueOak-1\.0\.0)$/,
				),
			]);
		}
	});
});
