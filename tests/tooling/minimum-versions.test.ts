import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
	version: string;
	name?: string;
	integrity?: string;
	resolved?: string;
	hasInstallScript?: boolean;
	optional?: boolean;
	optionalDependencies?: Record<string, string>;
}

const rootDir = path.resolve(import.meta.dirname, '../..');
const lockText = fs.readFileSync(path.join(rootDir, 'package-lock.json'), 'utf8');
const packages = (JSON.parse(lockText) as { packages: Record<string, LockedPackage> }).packages;
const manifest = JSON.parse(fs.readFileSync(path.join(rootDir, 'package.json'), 'utf8')) as {
	allowScripts: Record<string, boolean>;
	dependencies: Record<string, string>;
	devDependencies: Record<string, string>;
};
const installed = Object.entries(packages)
	.filter(([location]) => location !== '')
	.map(([location, entry]) => ({
		location,
		name: entry.name ?? location.slice(location.lastIndexOf('node_modules/') + 'node_modules/'.length),
		entry,
	}));

/** Older ones have known holes. There is no audit service to ask on every machine, so the list is kept here by hand. */
const minimum: Record<string, string> = {
	'prosemirror-view': '1.42.3',
	kysely: '0.28.17',
	fastify: '5.12.1',
	jszip: '3.8.0',
	'electron-updater': '6.3.1',
	// The first that bundles SQLite3 Multiple Ciphers 2.4.0, which made changing the key under WAL safe.
	'better-sqlite3-multiple-ciphers': '13.0.3',
};

/** xlsx: the registry's copy is old and has known holes. node-ical: executes what it reads. */
const forbidden = ['xlsx', 'node-ical'];

function isAtLeast(version: string, floor: string): boolean {
	const [a, b] = [version, floor].map((text) => text.split('-')[0]!.split('.').map(Number));
	for (let index = 0; index < 3; index += 1) {
		const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
		if (difference !== 0) return difference > 0;
	}
	return true;
}

/** Where Node would find `name` when `location` asks for it. */
function isResolvable(location: string, name: string): boolean {
	for (let base = location; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
		if (packages[`${base === '' ? '' : `${base}/`}node_modules/${name}`]) return true;
		if (base === '' || !base.includes('node_modules/')) return false;
		if (!base.includes('/node_modules/')) return packages[`node_modules/${name}`] !== undefined;
	}
}

describe('the lock', () => {
	it.each(Object.entries(minimum))('has %s at %s or newer', (name, floor) => {
		const versions = installed.filter((found) => found.name === name).map((found) => found.entry.version);
		expect(versions.filter((version) => !isAtLeast(version, floor))).toEqual([]);
	});

	it('holds nothing forbidden', () => {
		expect(installed.filter((found) => forbidden.includes(found.name))).toEqual([]);
	});

	it('has a sha512 of every package', () => {
		const without = installed.filter((found) => !found.entry.integrity?.startsWith('sha512-'));
		expect(without.map((found) => found.location)).toEqual([]);
	});

	it('names no host, so it works with any registry', () => {
		const withAddress = installed.filter((found) => found.entry.resolved);
		expect(withAddress.map((found) => found.entry.resolved)).toEqual([]);
	});

	it('lets no install script run that is not decided on', () => {
		const scripted = installed.filter((found) => found.entry.hasInstallScript).map((found) => found.name);
		expect(scripted.filter((name) => !(name in manifest.allowScripts))).toEqual([]);
		expect(Object.keys(manifest.allowScripts).filter((name) => manifest.allowScripts[name])).toEqual(['node']);
	});

	it('has the builds of every platform: one made from newest versions may silently leave some out', () => {
		const missing = installed.flatMap(({ location, entry }) =>
			Object.keys(entry.optionalDependencies ?? {})
				.filter((name) => !isResolvable(location, name))
				.map((name) => `${location} -> ${name}`),
		);
		expect(missing).toEqual([]);
	});
});

describe('package.json', () => {
	it('pins every version exactly', () => {
		const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
		expect(all.filter(([, range]) => !/^(npm:[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))).toEqual([]);
	});

	it('ships one dependency; everything else is bundled', () => {
		expect(Object.keys(manifest.dependencies)).toEqual(['better-sqlite3']);
	});

	it('asks for the Node that is pinned', () => {
		const nvmrc = fs.readFileSync(path.join(rootDir, '.nvmrc'), 'utf8').trim();
		expect(manifest.devDependencies.node).toBe(nvmrc);
		expect(process.versions.node).toBe(nvmrc);
	});
});
