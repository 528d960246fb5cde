import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASK, TELL } from '../../electron/main/channels.ts';
import { MENU_COMMANDS } from '../../electron/main/menu-commands.ts';
import {
	findRefusedSwitch,
	findServerProblem,
	isTestBuild,
	REFUSED_SWITCHES,
	readStartOptions,
} from '../../electron/main/start-options.ts';
import { DEFAULT_UI, readUiPatch } from '../../electron/main/ui-settings.ts';
import { placeWindow, type Screen } from '../../electron/main/window-place.ts';
import { commands } from '../../renderer/lib/commands.ts';

const development = { packaged: false, napi: 9, resourcesPath: '/app/resources' };
const packaged = { ...development, packaged: true };

describe('start options', () => {
	it('take the development server only unpackaged and only from this computer', () => {
		const env = { FIELDBOOK_RENDERER_URL: 'http://127.0.0.1:5173/' };
		expect(readStartOptions(env, development).rendererUrl).toBe('http://127.0.0.1:5173/');
		expect(readStartOptions(env, packaged).rendererUrl).toBeUndefined();
		for (const url of ['http://10.0.0.1/', 'https://127.0.0.1/', 'file:///x', 'http://127.0.0.1.evil.example/', 'x']) {
			expect(readStartOptions({ FIELDBOOK_RENDERER_URL: url }, development).rendererUrl).toBeUndefined();
		}
	});

	it('take a server with its token, and no passphrase', () => {
		expect(readStartOptions({ FIELDBOOK_SERVER: 'http://127.0.0.1:1/x' }, development).server).toEqual({
			url: 'http://127.0.0.1:1',
		});
		const given = readStartOptions(
			{ FIELDBOOK_SERVER: 'http://127.0.0.1:1', FIELDBOOK_TOKEN: 't', FIELDBOOK_PASSPHRASE: 'secret' },
			development,
		);
		expect(given.server).toEqual({ url: 'http://127.0.0.1:1', token: 't' });
		expect(JSON.stringify(given)).not.toContain('secret');
	});

	it('send no token unencrypted off this computer, and say so', () => {
		const given = (url: string) => ({ FIELDBOOK_SERVER: url, FIELDBOOK_TOKEN: 't' });
		for (const url of ['https://api.example.com', 'http://127.0.0.1:1', 'http://[::1]:1', 'http://localhost:1']) {
			expect(readStartOptions(given(url), packaged).server?.url).toBe(url);
			expect(findServerProblem(given(url))).toBeUndefined();
		}
		for (const url of [
			'http://api.example.com',
			'http://10.0.0.1',
			'http://127.0.0.1.evil.example',
			'ftp://localhost',
		]) {
			expect(readStartOptions(given(url), packaged).server).toBeUndefined();
			expect(findServerProblem(given(url))).toContain('https://');
		}
		expect(findServerProblem({ FIELDBOOK_SERVER: 'https://api.example.com' })).toBeUndefined();
		expect(findServerProblem({})).toBeUndefined();
	});

	it('take an issuer to sign in with, unless the way there is open to others', () => {
		const place = (issuer: string) => readStartOptions({ FIELDBOOK_ISSUER: issuer }, packaged).signInPlace;
		expect(place('https://id.example.com/realm')).toMatchObject({ issuer: 'https://id.example.com/realm' });
		expect(place('http://127.0.0.1:4000')?.clientId).toBe('fieldbook-desktop');
		for (const issuer of ['http://id.example.com', 'file:///id', 'id', '']) expect(place(issuer)).toBeUndefined();
	});

	it('find the binding an old runtime needs', () => {
		expect(readStartOptions({}, packaged).nativeBinding).toBe(
			path.join('/app/resources', 'native', 'better-sqlite3.node'),
		);
		expect(readStartOptions({}, { ...packaged, napi: 10 }).nativeBinding).toBeUndefined();
		expect(readStartOptions({}, development).nativeBinding).toBeUndefined();
		expect(readStartOptions({ FIELDBOOK_NATIVE: '/x.node' }, development).nativeBinding).toBe('/x.node');
	});

	it('run no code of another place when packaged', () => {
		const given = { FIELDBOOK_NATIVE: '/x.node', FIELDBOOK_RENDERER_URL: 'http://127.0.0.1:5173/' };
		expect(JSON.stringify(readStartOptions(given, { ...packaged, napi: 10 }))).not.toMatch(/x\.node|5173/);
		expect(JSON.stringify(readStartOptions(given, packaged))).not.toMatch(/x\.node|5173/);
	});

	it('name the person of the sample', () => {
		expect(readStartOptions({ FIELDBOOK_SAMPLE: '1' }, development)).toMatchObject({ sample: true, userId: 'u-sam' });
		expect(readStartOptions({ FIELDBOOK_SAMPLE: 'yes' }, development)).toMatchObject({
			sample: false,
			userId: undefined,
		});
	});
});

describe('dangerous switches', () => {
	it('are found', () => {
		for (const name of REFUSED_SWITCHES) expect(findRefusedSwitch((asked) => asked === name)).toBe(name);
		expect(REFUSED_SWITCHES.length).toBeGreaterThan(15);
		expect(findRefusedSwitch(() => false)).toBeUndefined();
	});

	it('pass only in a build that says it is for tests', () => {
		const folder = mkdtempSync(path.join(tmpdir(), 'fieldbook-build-'));
		expect(isTestBuild(folder)).toBe(false);
		writeFileSync(path.join(folder, 'package.json'), '{"testBuild":"true"}');
		expect(isTestBuild(folder)).toBe(false);
		writeFileSync(path.join(folder, 'package.json'), '{"testBuild":true}');
		expect(isTestBuild(folder)).toBe(true);
		rmSync(folder, { recursive: true });
	});
});

describe('the window', () => {
	const left: Screen = { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } };
	const right: Screen = { id: 2, workArea: { x: 1920, y: 0, width: 1280, height: 984 } };
	const at = (x: number, y: number, display = 2) => ({
		bounds: { x, y, width: 1200, height: 700 },
		display,
		maximised: false,
	});

	it('opens where it was', () => {
		expect(placeWindow(at(2000, 50), [left, right])).toEqual({
			x: 2000,
			y: 50,
			width: 1200,
			height: 700,
			maximised: false,
		});
	});

	it('comes back when its screen has gone', () => {
		expect(placeWindow(at(2000, 50), [left])).toEqual({ width: 1200, height: 700, maximised: false });
		expect(placeWindow(at(-5000, 50), [left, right]).x).toBeUndefined();
		expect(placeWindow(at(100, 5000), [left, right]).x).toBeUndefined();
	});

	it('is never larger than its screen nor saved nonsense', () => {
		const small: Screen = { id: 3, workArea: { x: 0, y: 0, width: 1024, height: 600 } };
		expect(placeWindow(at(0, 0), [small])).toMatchObject({ width: 1024, height: 600 });
		for (const saved of [
			null,
			undefined,
			'x',
			{},
			{ bounds: null, maximised: true },
			{ bounds: { x: Number.NaN, y: 0, width: 1, height: 1 }, maximised: true },
		]) {
			expect(placeWindow(saved, [left])).toEqual({ width: 1280, height: 800, maximised: false });
		}
	});
});

describe('interface settings', () => {
	it('keep what is known and possible', () => {
		const all = { colorScheme: 'dark', density: 'comfortable', route: '/issues', homeTimeZone: 'Europe/Zurich' };
		expect(readUiPatch({ ...all, __proto__: { x: 1 }, more: 1 })).toEqual(all);
		expect(readUiPatch({ colorScheme: 'pink', density: 1, route: 'https://x', homeTimeZone: 'Mars/Base' })).toEqual({});
	});

	it('survive anything', () => {
		const known = Object.keys(DEFAULT_UI);
		fc.assert(
			fc.property(fc.anything(), (value) => Object.keys(readUiPatch(value)).every((name) => known.includes(name))),
		);
	});
});

describe('the bridge', () => {
	const preload = readFileSync('electron/preload/preload.ts', 'utf8');

	it('names the channels that main answers', () => {
		const used = [...preload.matchAll(/'(fieldbook:[a-z-]+)'/g)].map((match) => match[1]);
		expect([...new Set(used)].sort()).toEqual([...Object.values(ASK), ...Object.values(TELL)].sort());
	});

	it('imports Electron and types only', () => {
		const imports = [...preload.matchAll(/^import (type )?.* from '(.*)';$/gm)];
		expect(imports.filter((match) => !match[1]).map((match) => match[2])).toEqual(['electron']);
	});

	it('has menu commands that the page knows', () => {
		const known = new Set<string>(commands.map(({ id }) => id));
		const menu = Object.values(MENU_COMMANDS)
			.flat()
			.filter((entry) => entry !== null);
		expect(menu.filter(({ id }) => !known.has(id))).toEqual([]);
		expect(menu.length).toBeGreaterThan(10);
	});
});
