import fs from 'node:fs';
import path from 'node:path';
import { launchApp } from '../support/app.ts';
import { asPlainUser } from '../support/plain-user.ts';
import { listenForAnything, tryEverything } from './network-probes.ts';
import { expect, test, waitForSample } from './test.ts';

test.setTimeout(240_000);

/** These say that they have loaded when they were refused; what reached the listener tells. */
const FRAMES = /^(iframe|object|embed)$/;

test('nothing leaves a page: no request, no name looked up, no packet', async ({ network }) => {
	const user = asPlainUser();
	const env = { ...user.env, FIELDBOOK_SERVER: network.url, FIELDBOOK_TOKEN: 'dev-sam' };
	const app = await launchApp({ userData: user.userData, command: user.command, env });
	const listening = await listenForAnything();
	const log = path.join(user.userData, 'net-log.json');
	const names = ['policy.sentinel.example', 'session.sentinel.example'] as const;
	try {
		await waitForSample(app.page);
		await app.electron.evaluate(({ netLog }, file) => netLog.startLogging(file, { captureMode: 'everything' }), log);
		const { tcp, udp, heard } = listening;
		const held = await app.page.evaluate(tryEverything, { hosts: [tcp, names[0]], udp });
		expect(held.filter((way) => !FRAMES.test(way))).toEqual([]);
		expect(heard).toEqual([]);
		// And without the policy, in a page of nobody's: what the session and Chromium itself are told must do.
		const reached = await app.electron.evaluate(
			async ({ BrowserWindow, session }, code) => {
				const window = new BrowserWindow({
					show: false,
					webPreferences: { session: session.fromPartition('pages') },
				});
				await window.loadURL('data:text/html,<body>x');
				const answer: string[] = await window.webContents.executeJavaScript(code);
				window.destroy();
				return answer;
			},
			`(${tryEverything})(${JSON.stringify({ hosts: [tcp, names[1]], udp })})`,
		);
		expect(reached.filter((way) => !FRAMES.test(way))).toEqual([]);
		expect(heard).toEqual([]);
		await app.electron.evaluate(({ netLog }) => netLog.stopLogging());
		// The listener and the log do hear what is let out.
		await fetch(`http://${tcp}/`);
		expect(heard.length).toBeGreaterThan(0);
		const { asked, looked } = readNetLog(fs.readFileSync(log, 'utf8'), 'sentinel.example');
		expect(asked).toBeGreaterThan(0);
		expect(looked).toEqual([]);
	} finally {
		await listening.close();
		await app.close();
		user.remove();
	}
});

/** In Chromium's own log: how often a name is in it at all, and the entries by which it was looked up. */
function readNetLog(text: string, name: string): { asked: number; looked: string[] } {
	const { constants, events } = JSON.parse(text) as {
		constants: { logEventTypes: Record<string, number> };
		events: { type: number }[];
	};
	const types = new Map(Object.entries(constants.logEventTypes).map(([type, number]) => [number, type]));
	const found = events.filter((event) => JSON.stringify(event).includes(name)).map(({ type }) => types.get(type) ?? '');
	return {
		asked: found.length,
		looked: found.filter((type) =>
			/^(HOST_RESOLVER_MANAGER_JOB|HOST_RESOLVER_(SYSTEM|DNS)_TASK|DNS_TRANSACTION)/.test(type),
		),
	};
}
