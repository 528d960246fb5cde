import { readMeta, writeMeta } from '../../../../db/meta.ts';
import { deferFolding, type Store } from '../../../../db/open-store.ts';
import { SCHEMA } from '../../../../shared/sync/protocol.ts';
import { addLosses, countLosses, isBraked, joinLosses, type Losses, mayGo, releaseBrake } from '../leaving/brake.ts';
import { countHomeless } from '../leaving/homeless.ts';
import { isAnythingLeaving, settleLeaving } from '../leaving/scope.ts';
import { TransportError } from '../reaching/transport.ts';
import { sendAll } from '../sending/send-changes.ts';
import type { Round } from '../sync-round.ts';
import { applyPages, Pace, type Progress } from './apply-page.ts';
import { findDifferences, isCompareDue, noteDifferences, postponeCompare } from './compare.ts';
import { forgetDeleted } from './forget-deleted.ts';
import { PageFeed } from './page-feed.ts';
import { isTaking, type Page } from './pull.ts';
import { beginAgain, countSweep, isStaging, startOver } from './staging.ts';

const remote = { label: 'Received', origin: 'remote' } as const;

/** Accounts counted in one transaction. */
const COUNTED_AT_ONCE = 40;

/** Records that go at once; from here on a backup is made first. */
const MANY = 100;

/**
 * Fetches everything that is new. What has been taken from this person leaves the laptop once nothing of it is unsent.
 * False when it did not come to the end: nothing was asked for, or the brake holds what would go. Throws TransportError
 * and leaves what was done done.
 */
export async function fetchAll(round: Round): Promise<boolean> {
	const { store, dispatcher } = round;
	await dispatcher.exclusively(() => heedSchema(round));
	let lines = 0;
	let isWhole = false;
	for (let turn = 0; turn < 3; turn += 1) {
		if (isBraked(store, round.outside.now())) break;
		const fetched = await fetchPages(round);
		lines += fetched.lines;
		isWhole = fetched.isWhole;
		if (!isAnythingLeaving(store)) break;
		await dispatcher.runUnit(remote, (unit) => settleLeaving(unit));
		if (!isAnythingLeaving(store) || round.scope !== 'all') break;
		// What is unsent of an account that was taken away goes first; the server takes it although it is late.
		if ((await sendAll(round)) === 0) break;
	}
	await settleFigures(round);
	if (lines > 0) await recountHomeless(round);
	// At a quiet time: when there was nothing to fetch.
	else if (isWhole) {
		await forgetDeleted(round);
		if (isCompareDue(round)) return compareHeld(round);
	}
	return isWhole;
}

/** Compares what is held with the office; what differs is fetched again from the start, beside what is unsent. False when that did not come to the end. */
async function compareHeld(round: Round): Promise<boolean> {
	const { store, dispatcher, clock } = round;
	const found = await findDifferences(round).catch((error) => {
		if (!(error instanceof TransportError) || round.signal.aborted) throw error;
		return undefined;
	});
	if (!found) {
		await dispatcher.exclusively(() => postponeCompare(store, clock.now()));
		return true;
	}
	if (found.length > 0) {
		// What came meanwhile may be all that was missing: the next quiet round sees.
		const meanwhile = await fetchPages(round);
		if (meanwhile.lines > 0 || !meanwhile.isWhole) return meanwhile.isWhole;
	}
	const { again } = await dispatcher.runUnit(remote, (unit) => {
		const remedy = noteDifferences(store, found, unit.at);
		round.receipt.noteCompared(unit, remedy);
		if (remedy.again.length > 0) startOver(store);
		return remedy;
	});
	return again.length === 0 || (await fetchPages(round)).isWhole;
}

/** Only what was fetched can have left a record without its place. */
async function recountHomeless({ store, session, dispatcher }: Round): Promise<void> {
	await dispatcher.runLong(remote, async (unit) => {
		const count = String(await countHomeless({ db: store.db, session }));
		if (readMeta(store, 'homeless') === count) return;
		writeMeta(store, 'homeless', count);
		unit.touched.add('sync_state');
	});
}

/** What an older version of this program could not read, or an older server did not send, is fetched once, from the start. */
function heedSchema({ store, serverSchema }: Round): void {
	const pulled = Number(readMeta(store, 'pulled_schema') ?? 1);
	const spoken = Math.min(SCHEMA, serverSchema);
	if (readMeta(store, 'cursor') !== undefined && pulled < spoken) startOver(store);
	if (pulled !== spoken) writeMeta(store, 'pulled_schema', String(spoken));
}

interface Fetched {
	lines: number;
	/** False when the brake stopped it. */
	isWhole: boolean;
}

async function fetchPages(round: Round): Promise<Fetched> {
	const feed = new PageFeed(round);
	const fold = deferFolding(round.store);
	try {
		return await fetchInOrder(round, feed);
	} finally {
		feed.close();
		fold();
	}
}

async function fetchInOrder(round: Round, feed: PageFeed): Promise<Fetched> {
	const { store } = round;
	const pace = new Pace(round.dispatcher.calls);
	/** What this fetch has taken away so far: a mass deletion may come in many pages. */
	const losses = joinLosses();
	let lines = 0;
	for (let restarts = 0; ; ) {
		const cursor = readMeta(store, 'cursor');
		if (cursor === undefined) await round.dispatcher.exclusively(() => beginAgain(store));
		const page = await feed.take(cursor).catch(async (error) => {
			if (!needsStart(error) || restarts > 1) throw error;
			restarts += 1;
			await restart(round, feed);
			return undefined;
		});
		if (!page) continue;
		round.crash('page:fetched');
		if (page.end.more && page.lines.length === 0 && page.end.cursor === cursor)
			throw new TransportError('bad_reply', 'The server repeats itself.');
		if (!(await isAllowed(round, page, { feed, losses }))) return { lines, isWhole: false };
		feed.prefetch(page);
		const isWhole = cursor === undefined || isStaging(store);
		const begin = (one: Page): Progress => {
			lines += one.lines.length;
			return { page: one, done: 0, isWhole };
		};
		const last = await applyPages(round, begin(page), {
			pace,
			next: async (before) => {
				const following = await feed.soon(before, (one) => !mustAsk(store, one));
				if (!following) return undefined;
				feed.prefetch(following);
				return begin(following);
			},
		});
		if (last.cut) throw last.cut;
		if (last.end.more) continue;
		// What the person allowed has been done, or is not wanted any more.
		if (readMeta(store, 'brake')) await round.dispatcher.exclusively(() => releaseBrake(store));
		return { lines, isWhole: true };
	}
}

/** The server went back in time or what we may see has changed. */
function needsStart(error: unknown): boolean {
	return error instanceof TransportError && error.code === 'rebootstrap';
}

async function restart({ store, dispatcher }: Round, feed: PageFeed): Promise<void> {
	feed.forget();
	await dispatcher.exclusively(() => {
		startOver(store);
		writeMeta(store, 'went_back', '1');
	});
}

/** True when a page takes something away, be it only by ending a pull from the start. */
function mustAsk(store: Store, page: Page): boolean {
	if (isStaging(store)) return !page.end.more || page.taking.some(isTaking);
	return page.taking.length > 0;
}

/** False when so much would go that the person has to say so first; nothing of the page is applied then. */
async function isAllowed(
	round: Round,
	page: Page,
	{ feed, losses }: { feed: PageFeed; losses: Losses },
): Promise<boolean> {
	const { store, dispatcher, outside, serverSchema } = round;
	if (!mustAsk(store, page)) return true;
	const now = { at: round.clock.now().toISOString(), ms: outside.now() };
	const staging = isStaging(store);
	let coming = joinLosses(losses);
	for (const one of [page, ...(await feed.lookAhead(page))]) addLosses(store, coming, one.taking);
	const isFine = await dispatcher.exclusively(() => {
		if (staging && !page.end.more) {
			const swept = countSweep(store, { last: [...page.lines], serverSchema });
			coming = joinLosses(losses, swept);
		}
		return mayGo(store, coming, now);
	});
	if (!isFine) return false;
	// While pulling from the start, deletions wait for the end and are counted there.
	addLosses(store, losses, staging ? page.taking.filter(isTaking) : page.taking);
	const isLeaving = page.taking.some((line) => 'scope' in line && line.scope === 'leave');
	if (isLeaving || countLosses(coming) > MANY) await backUpBefore(round, isLeaving ? 'leave' : 'change');
	return true;
}

/**
 * What the office takes away can be looked up in a backup for a while. The office has said that it goes, so that a full disk
 * does not keep it here.
 */
async function backUpBefore({ backups, noteProgress }: Round, kind: 'leave' | 'change'): Promise<void> {
	await backups?.before(kind, { progress: noteProgress }).catch(() => undefined);
}

/** Counts the figures of accounts to which many records have come. */
async function settleFigures(round: Round): Promise<void> {
	const { store, dispatcher } = round;
	const some = `SELECT account_id FROM figure_stale ORDER BY account_id LIMIT ${COUNTED_AT_ONCE}`;
	for (;;) {
		const accounts = store.statement(some).pluck().all() as string[];
		if (accounts.length === 0) return;
		await dispatcher.runUnit(remote, (unit) => {
			for (const account of accounts) {
				unit.staleFigures.add(account);
				store.statement('DELETE FROM figure_stale WHERE account_id = ?').run(account);
			}
			unit.touched.add('account');
		});
	}
}
