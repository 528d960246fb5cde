import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Asked, fitsAsk } from '../../electron/main/ask-values.ts';
import { ASK } from '../../electron/main/channels.ts';

// Every channel there is, found in the table of channels and not listed here: a new one is tried as well.

type Handler = (event: unknown, ...values: unknown[]) => unknown;

const electron = vi.hoisted(() => ({
	handlers: new Map<string, Handler>(),
	windowOf: (_page: unknown): object | null => ({}),
}));

vi.mock('electron', () => ({
	ipcMain: { handle: (channel: string, handler: Handler) => electron.handlers.set(channel, handler) },
	BrowserWindow: { fromWebContents: (page: unknown) => electron.windowOf(page), getAllWindows: () => [] },
	nativeTheme: { themeSource: 'system', shouldUseDarkColors: false },
	app: {},
	screen: {},
	dialog: {},
}));

const { answerBridge } = await import('../../electron/main/ipc.ts');

const RENDERER = 'http://127.0.0.1:5173/';
const channels = Object.keys(ASK) as Asked[];
/** Each part of the shell, which notes what reaches it. */
const reached: string[] = [];

function part(name: string): never {
	return new Proxy({}, { get: (_target, member) => noting(`${name}.${String(member)}`) }) as never;
}

function noting(name: string): unknown {
	return () => {
		reached.push(name);
		if (name === 'settings.ui') return { colorScheme: 'auto' };
		return { ok: true };
	};
}

function listen(rendererUrl?: string): void {
	electron.handlers.clear();
	answerBridge({
		workspace: part('workspace'),
		lock: part('lock'),
		settings: part('settings'),
		files: part('files'),
		signIn: part('signIn'),
		rendererUrl,
		onPainted: noting('painted') as () => void,
	});
}

/** What each question takes, in a form that is answered. */
const fitting: { [A in Asked]: unknown[] } = {
	call: ['accounts.list', {}],
	startState: [],
	vault: [{ ask: 'facts' }],
	left: [true],
	signIn: ['begin'],
	chooseFile: ['copy', 'plan.pdf'],
	chooseFiles: [],
	dropFile: ['/tmp/plan.pdf'],
	settings: [],
	saveSettings: [{ density: 'compact' }],
	tellLink: [{ metered: true }],
	painted: [],
};

const top = (origin: string) => {
	const frame = { parent: null, origin };
	return { senderFrame: frame, sender: { id: 1, mainFrame: frame } };
};
const main = top('app://fieldbook');

async function ask(asked: Asked, event: unknown, values: unknown[]): Promise<unknown> {
	return electron.handlers.get(ASK[asked])?.(event, ...values);
}

beforeEach(() => {
	reached.length = 0;
	electron.windowOf = () => ({});
	listen();
});

describe('every channel', () => {
	it('is answered, and no other', () => {
		expect([...electron.handlers.keys()].sort()).toEqual(Object.values(ASK).sort());
	});

	it.each(channels)('%s answers our own page', async (asked) => {
		await ask(asked, main, fitting[asked]);
		expect(reached.length).toBeGreaterThan(0);
	});

	const frame = { parent: null, origin: 'app://fieldbook' };
	const strangers: [string, unknown][] = [
		['no frame', { senderFrame: null, sender: { mainFrame: null } }],
		[
			'a frame inside our page',
			{ senderFrame: { parent: frame, origin: 'app://fieldbook' }, sender: { mainFrame: frame } },
		],
		['a top frame of another page', { senderFrame: { ...frame }, sender: { mainFrame: frame } }],
		...[
			'null',
			'',
			'file://',
			'https://example.com',
			'https://fieldbook',
			'app://other',
			'app://fieldbook.example.com',
			'app://fieldbook:8080',
			'APP://FIELDBOOK',
			'http://127.0.0.1:5173',
			'about:blank',
			'devtools://devtools',
		].map((origin): [string, unknown] => [`the origin "${origin}"`, top(origin)]),
	];
	for (const asked of channels) {
		it.each(strangers)(`${asked} refuses %s`, async (_name, event) => {
			await expect(ask(asked, event, fitting[asked])).rejects.toThrow('Refused.');
			expect(reached).toEqual([]);
		});

		it(`${asked} refuses a page that is in no window of ours`, async () => {
			electron.windowOf = () => null;
			await expect(ask(asked, main, fitting[asked])).rejects.toThrow('Refused.');
			expect(reached).toEqual([]);
		});

		it(`${asked} refuses values too many`, async () => {
			await expect(ask(asked, main, [...fitting[asked], undefined, 'more', 'more'])).rejects.toThrow('Refused.');
			expect(reached).toEqual([]);
		});
	}

	it('answers the development server while developing, and no neighbour of it', async () => {
		listen(RENDERER);
		await ask('startState', top('http://127.0.0.1:5173'), []);
		expect(reached).toEqual(['workspace.state']);
		await expect(ask('startState', top('http://127.0.0.1:5174'), [])).rejects.toThrow('Refused.');
	});
});

describe('what comes with a question', () => {
	it.each([
		['call', []],
		['call', [1, {}]],
		['call', ['x'.repeat(65), {}]],
		['call', [{ toString: () => 'accounts.list' }, {}]],
		['vault', []],
		['vault', ['lock']],
		['vault', [['lock']]],
		['vault', [new Date()]],
		['left', []],
		['left', ['true']],
		['left', [1]],
		['signIn', []],
		['signIn', ['now']],
		['signIn', [['begin']]],
		['chooseFile', []],
		['chooseFile', ['exe']],
		['chooseFile', ['copy', 7]],
		['chooseFile', ['copy', 'x'.repeat(1001)]],
		['chooseFile', ['__proto__']],
		['dropFile', []],
		['dropFile', [{}]],
		['dropFile', ['x'.repeat(40_000)]],
		['saveSettings', [null]],
		['saveSettings', [[]]],
		['tellLink', [{}]],
		['tellLink', [{ metered: 'yes' }]],
		['tellLink', [null]],
	] as [Asked, unknown[]][])('%s refuses %j', async (asked, values) => {
		await expect(ask(asked, main, values)).rejects.toThrow('Refused.');
		expect(reached).toEqual([]);
	});

	it('is answered or refused, whatever it is: 20,000 questions', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...channels),
				fc.array(fc.anything(), { maxLength: 4 }),
				async (asked, values) => {
					reached.length = 0;
					const fits = fitsAsk(asked, values);
					const refused = await ask(asked, main, values).then(
						() => false,
						(error: Error) => error.message === 'Refused.',
					);
					expect(refused).toBe(!fits);
					if (!fits) expect(reached).toEqual([]);
				},
			),
			{ numRuns: 20_000, seed: 1 },
		);
	}, 120_000);
});

it('main listens to pages by this one door', () => {
	const folder = path.resolve(import.meta.dirname, '../../electron');
	const files = fs.readdirSync(folder, { recursive: true }).map(String);
	const doors = files
		.filter((file) => file.endsWith('.ts'))
		.filter((file) =>
			/\bipcMain\s*\.\s*(handle|handleOnce|on|once|addListener)\b/.test(
				fs.readFileSync(path.join(folder, file), 'utf8'),
			),
		);
	expect(doors).toEqual([path.join('main', 'ipc.ts')]);
});
