import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type SignInError, type SignInSetup, signIn } from '../../electron/main/sign-in/sign-in.ts';
import { type OwnIssuer, startIssuer } from '../../server/issuer/issuer.ts';
import { tokenVerifier } from '../../server/security/access-token.ts';
import type { SignedIn } from '../../shared/contract/session.ts';
import { TestBrowser } from './browser.ts';

const people = [
	{ id: 'u-sam', name: 'Ada Lind', role: 'Service account manager' },
	{ id: 'u-specialist', name: 'Ben Roth', role: 'Client support specialist' },
];
let issuer: OwnIssuer;
let browser: TestBrowser;
/** Sign-ins that a test has left open. */
let calledOff: AbortController;

beforeAll(async () => {
	issuer = await startIssuer({ people, isOut: async () => false });
});
afterAll(() => issuer.close());
beforeEach(() => {
	browser = new TestBrowser();
	calledOff = new AbortController();
});

type Over = Partial<SignInSetup>;

/** Starts a sign-in; `page` is where the browser is sent. */
async function begin(
	over: Over = {},
): Promise<{ page: URL; done: Promise<SignedIn>; ended: Promise<SignInError | undefined> }> {
	const opened = Promise.withResolvers<string>();
	const done = signIn({
		place: issuer,
		signal: calledOff.signal,
		openBrowser: (url) => {
			opened.resolve(url);
			return true;
		},
		...over,
	});
	const ended = done.then(
		() => undefined,
		(error: SignInError) => error,
	);
	return { page: new URL(await opened.promise), done, ended };
}

/** Whether it still waits, after what was tried has had its time. */
async function isWaiting(done: Promise<unknown>): Promise<boolean> {
	const later = new Promise<'waits'>((resolve) => setTimeout(resolve, 60, 'waits'));
	return (await Promise.race([done.catch(() => 'ended'), later])) === 'waits';
}

/** The address the browser is to come back to, with whatever answer. */
function back(page: URL, answer: Record<string, string>, state = page.searchParams.get('state') ?? ''): URL {
	const url = new URL(page.searchParams.get('redirect_uri') ?? '');
	for (const [name, value] of Object.entries({ iss: issuer.issuer, state, ...answer }))
		url.searchParams.set(name, value);
	return url;
}

/** One request as given, with headers that fetch would not send. */
function hit(url: URL, { headers = {}, path = url.pathname + url.search, method = 'GET' } = {}): Promise<number> {
	return new Promise((resolve) => {
		const sent = request({ host: '127.0.0.1', port: url.port, path, method, headers }, (reply) => {
			reply.resume();
			resolve(reply.statusCode ?? 0);
		});
		sent.on('error', () => resolve(0));
		sent.end();
	});
}

test('a person signs in with their own browser, and the token is one the server takes', async () => {
	const { page, done } = await begin();
	expect(page.origin).toBe(issuer.issuer);
	expect(page.searchParams.get('code_challenge_method')).toBe('S256');
	expect(page.searchParams.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/signed-in$/);
	const last = await browser.signIn(page.href, 'u-sam');
	expect(last).toMatchObject({ status: 200 });
	expect(last.text).toContain('You can go back to Fieldbook');
	const signedIn = await done;
	expect(signedIn.subject).toBe('u-sam');
	const verify = tokenVerifier(issuer, { fetch, now: Date.now });
	expect(await verify(signedIn.accessToken)).toMatchObject({ issuer: issuer.issuer, subject: 'u-sam' });
	expect(signedIn.endsAt - Date.now()).toBeLessThanOrEqual(600_000);
	// Nothing that was secret is on the page.
	const code = new URL(browser.visited.at(-1) ?? '').searchParams.get('code') ?? 'no code';
	for (const secret of [code, signedIn.accessToken, signedIn.refreshToken]) expect(last.text).not.toContain(secret);
	expect(await hit(back(page, { code }))).toBe(0);
});

test('attack 1: an answer with another state, or none, is turned away and the sign-in goes on', async () => {
	const { page, done } = await begin();
	expect(await hit(back(page, { code: 'stolen' }, 'another'))).toBe(404);
	const without = back(page, { code: 'stolen' });
	without.searchParams.delete('state');
	expect(await hit(without)).toBe(404);
	const twice = back(page, { code: 'stolen' });
	twice.searchParams.append('state', 'another');
	expect(await hit(twice)).toBe(404);
	expect(await isWaiting(done)).toBe(true);
	await browser.signIn(page.href, 'u-sam');
	expect((await done).subject).toBe('u-sam');
});

test('attack 2: a code that was used is not taken again', async () => {
	const first = await begin();
	await browser.signIn(first.page.href, 'u-sam');
	await first.done;
	const used = new URL(browser.visited.at(-1) ?? '').searchParams.get('code') ?? '';
	const second = await begin();
	await hit(back(second.page, { code: used }));
	expect((await second.ended)?.problem).toBe('refused');
});

test('attack 3: a code of another sign-in is not taken: it was asked for with another verifier', async () => {
	const mine = await begin();
	const attackers = await begin();
	const answer = await browser.signInUntilAnswer(attackers.page.href, 'u-specialist');
	await hit(back(mine.page, { code: answer.searchParams.get('code') ?? '' }));
	expect((await mine.ended)?.problem).toBe('refused');
});

test('attack 4: two sign-ins at once keep to their own doors', async () => {
	const [one, two] = [await begin(), await begin()];
	expect(one.page.searchParams.get('redirect_uri')).not.toBe(two.page.searchParams.get('redirect_uri'));
	expect(one.page.searchParams.get('state')).not.toBe(two.page.searchParams.get('state'));
	const crossed = back(one.page, { code: 'any' }, two.page.searchParams.get('state') ?? '');
	expect(await hit(crossed)).toBe(404);
	await new TestBrowser().signIn(two.page.href, 'u-specialist');
	await new TestBrowser().signIn(one.page.href, 'u-sam');
	expect([(await one.done).subject, (await two.done).subject]).toEqual(['u-sam', 'u-specialist']);
});

test('attack 5: an answer that names another issuer, or none, is refused', async () => {
	for (const iss of ['https://id.attacker.example.com', undefined]) {
		const { page, ended } = await begin();
		const answer = await browser.signInUntilAnswer(page.href, 'u-sam');
		if (iss) answer.searchParams.set('iss', iss);
		else answer.searchParams.delete('iss');
		await hit(answer);
		expect((await ended)?.problem).toBe('refused');
	}
});

test('attack 6: a page of the web that has taken this computer’s name for its own is turned away', async () => {
	const { page, done } = await begin();
	const answer = await browser.signInUntilAnswer(page.href, 'u-sam');
	for (const host of [
		'attacker.example.com',
		`attacker.example.com:${answer.port}`,
		`localhost:${answer.port}`,
		`127.0.0.1:1`,
	])
		expect(await hit(answer, { headers: { host } })).not.toBe(200);
	expect(await hit(answer, { headers: { 'sec-fetch-mode': 'no-cors' } })).toBe(404);
	expect(await hit(answer, { headers: { 'sec-fetch-mode': 'cors' } })).toBe(404);
	expect(await isWaiting(done)).toBe(true);
	expect(await hit(answer)).toBe(200);
	expect((await done).subject).toBe('u-sam');
});

test('attack 7: a second answer finds the door shut', async () => {
	const { page, done } = await begin();
	const answer = await browser.signInUntilAnswer(page.href, 'u-sam');
	const both = await Promise.all([hit(answer), hit(answer)]);
	expect(both.filter((status) => status === 200)).toHaveLength(1);
	await done;
	expect(await hit(answer)).toBe(0);
});

test('attack 8: a megabyte of address is turned away', async () => {
	const { page, done } = await begin();
	const huge = back(page, { code: 'x'.repeat(1_048_576) });
	expect([0, 431]).toContain(await hit(huge));
	expect(await hit(back(page, { code: 'x'.repeat(9000) }))).toBe(404);
	expect(await isWaiting(done)).toBe(true);
	await browser.signIn(page.href, 'u-sam');
	await done;
});

test('attack 9: other paths and other methods are turned away', async () => {
	const { page, done } = await begin();
	const answer = await browser.signInUntilAnswer(page.href, 'u-sam');
	const paths = [
		'/',
		'/favicon.ico',
		'/signed-in/',
		'/Signed-in',
		'/x/../signed-in',
		'//signed-in',
		'/signed-in%3F',
		'http://127.0.0.1/signed-in',
	];
	for (const path of paths) expect([path, await hit(answer, { path: path + answer.search })]).toEqual([path, 404]);
	for (const method of ['POST', 'PUT', 'HEAD', 'OPTIONS'])
		expect([method, await hit(answer, { method })]).toEqual([method, 404]);
	expect(await isWaiting(done)).toBe(true);
	expect(await hit(answer)).toBe(200);
	await done;
});

test('attack 10: nobody has to come back: after its time the door is shut', async () => {
	const { page, ended } = await begin({ patienceMs: 150 });
	expect((await ended)?.problem).toBe('timed_out');
	expect(await hit(back(page, { code: 'late' }))).toBe(0);
});

test('attack 11: an ID token with another nonce, of another sign-in, is refused', async () => {
	const { page, ended } = await begin();
	// The same question, but for a nonce that an attacker knows.
	const swapped = new URL(page);
	swapped.searchParams.set('nonce', 'attackers-nonce');
	await browser.signIn(swapped.href, 'u-sam');
	expect((await ended)?.problem).toBe('refused');
});

test('attack 12: an issuer that describes itself as another, or answers with a redirect, is refused', async () => {
	const forged: typeof fetch = async (input, init) => {
		const url = String(input);
		if (!url.includes('.well-known')) return fetch(input, init);
		const description = (await (await fetch(input)).json()) as object;
		return Response.json({ ...description, issuer: 'https://id.attacker.example.com' });
	};
	const setup = { place: issuer, openBrowser: () => true, signal: calledOff.signal };
	await expect(signIn({ ...setup, fetch: forged })).rejects.toMatchObject({ problem: 'unreachable' });
	const asked: RequestInit[] = [];
	const watching: typeof fetch = (input, init) => {
		asked.push(init ?? {});
		return fetch(input, init);
	};
	const { page, done } = await begin({ fetch: watching });
	await browser.signIn(page.href, 'u-sam');
	await done;
	expect(asked.length).toBeGreaterThanOrEqual(2);
	expect(asked.every(({ redirect }) => redirect === 'error')).toBe(true);
});

test('a person who says no, or changes their mind, is signed in no more than before', async () => {
	const refused = await begin();
	await hit(back(refused.page, { error: 'access_denied' }));
	expect((await refused.ended)?.problem).toBe('refused');
	const left = await begin();
	calledOff.abort();
	expect((await left.ended)?.problem).toBe('cancelled');
	expect(await hit(back(left.page, { code: 'late' }))).toBe(0);
});

test('where the browser cannot be opened the door is shut at once', async () => {
	let page = '';
	const openBrowser = (url: string) => {
		page = url;
		return false;
	};
	await expect(signIn({ place: issuer, signal: calledOff.signal, openBrowser })).rejects.toMatchObject({
		problem: 'no_browser',
	});
	expect(await hit(back(new URL(page), { code: 'late' }))).toBe(0);
});
