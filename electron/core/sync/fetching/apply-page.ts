import { applyRemoteRow, applyRemoteText, finishLanes } from '../../../../db/apply-remote.ts';
import { type Bulk, beginBulk, noteBulk } from '../../../../db/insert-received.ts';
import { writeMeta } from '../../../../db/meta.ts';
import type { Unit } from '../../../../db/unit.ts';
import { applyGone, applyScope, isAnythingLeaving, noteReturn } from '../leaving/scope.ts';
import type { Round } from '../sync-round.ts';
import type { DataLine, Page } from './pull.ts';
import { applyStaged, finishStaging, forgetSeen, isStaging } from './staging.ts';

const remote = { label: 'Received', origin: 'remote' } as const;

/** Lines applied without looking up: while somebody is at the laptop, and while nobody is. */
const POLITE = 80;
const ALONE = 200;
/** So many undisturbed stretches and nobody is thought to be there. */
const CALM = 20;
/** Most lines of one transaction; its end must not take long either. */
const MOST = 20_000;
/** A page of more lines brings new records by the hundred. */
const BULK_FROM = 200;
/** A commit of others is applied whole, unless it is larger than this. */
const WHOLE_COMMIT = 600;

/** How much is done at a time: little while somebody works at the laptop, much while nobody does. */
export class Pace {
	#calm = CALM;
	#calls: number;

	constructor(calls: number) {
		this.#calls = calls;
	}

	/** To be told the number of calls so far between two stretches. */
	look(calls: number): void {
		this.#calm = calls === this.#calls ? this.#calm + 1 : 0;
		this.#calls = calls;
	}

	get lines(): number {
		return this.#calm < CALM ? POLITE : ALONE;
	}

	mayGoOn(lines: number): boolean {
		return this.#calm >= CALM && lines < MOST;
	}
}

/** A page on its way into the store. */
export interface Progress {
	page: Page;
	/** Lines applied so far. */
	done: number;
	/** True on the way from an empty laptop or from the start: what comes is no news of colleagues, only more of the same. */
	isWhole: boolean;
}

/**
 * Applies a page, its cursor in the transaction of its last lines; a crash in between fetches lines again, which is
 * harmless, and never passes one over. Somebody who waits is let in between. `next` hands over the page that follows when
 * it is as good as there; it is then applied in the same transaction. Returns the last page applied.
 */
export async function applyPages(
	round: Round,
	first: Progress,
	{ pace, next }: { pace: Pace; next: (page: Page) => Promise<Progress | undefined> },
): Promise<Page> {
	let progress: Progress = first;
	for (let isDone = false; !isDone; ) {
		await round.dispatcher.runLong(remote, async (unit, pause) => {
			let lines = 0;
			for (;;) {
				lines += await applyStretches(round, progress, { unit, pause, pace, before: lines });
				if (progress.done < progress.page.lines.length) return;
				finishPage(round, unit, progress.page);
				const following = pace.mayGoOn(lines) && !(await pause()) ? await next(progress.page) : undefined;
				isDone = following === undefined;
				if (following) progress = following;
				else return round.crash('page:before');
			}
		});
	}
	round.crash('page:after');
	return progress.page;
}

interface Stretch {
	unit: Unit;
	pause: () => Promise<boolean>;
	pace: Pace;
	/** Lines of this transaction so far. */
	before: number;
}

/** Applies lines until the page is done or the transaction should end; returns how many. */
async function applyStretches(
	round: Round,
	progress: Progress,
	{ unit, pause, pace, before }: Stretch,
): Promise<number> {
	const { lines } = progress.page;
	const bulk = lines.length > BULK_FROM ? beginBulk() : undefined;
	const from = progress.done;
	while (progress.done < lines.length) {
		const to = stretchEnd(progress, pace.lines);
		const some = lines.slice(progress.done, to);
		round.receipt.notePage(unit, { lines: some }, () => applyLines(round, unit, { lines: some, bulk }));
		progress.done = to;
		round.noteProgress();
		if (to >= lines.length) break;
		const isAwaited = await pause();
		pace.look(round.dispatcher.calls);
		if (isAwaited || !pace.mayGoOn(before + to - from)) break;
	}
	if (bulk) noteBulk(unit, bulk);
	return progress.done - from;
}

/** Where the next stretch ends: with a commit of others, so that none is seen in part. */
function stretchEnd({ page: { lines }, done, isWhole }: Progress, atLeast: number): number {
	let to = Math.min(done + atLeast, lines.length);
	if (isWhole) return to;
	const most = Math.min(done + WHOLE_COMMIT, lines.length);
	while (to < most && lines.seqAt(to) === lines.seqAt(to - 1)) to += 1;
	return to;
}

/** Applies lines in their order. */
function applyLines(
	round: Round,
	unit: Unit,
	{ lines, bulk }: { lines: readonly DataLine[]; bulk: Bulk | undefined },
): void {
	const { store } = round;
	const staging = isStaging(store);
	const leaving = isAnythingLeaving(store);
	for (const line of lines) {
		if ('v' in line) {
			if (leaving) noteReturn(store, line);
			if (staging) applyStaged(unit, line, bulk);
			else applyRemoteRow(unit, line, { bulk });
			continue;
		}
		finishLanes(unit, { bulk, isThorough: staging });
		if ('y' in line) applyRemoteText(unit, line);
		else if ('gone' in line) {
			if (staging) forgetSeen(store, line);
			applyGone(unit, line);
		} else applyScope(unit, line);
	}
	finishLanes(unit, { bulk, isThorough: staging });
}

function finishPage(round: Round, unit: Unit, { end }: Page): void {
	const { store, serverSchema } = round;
	if (!end.more && isStaging(store)) finishStaging(unit, serverSchema);
	writeMeta(store, 'cursor', end.cursor);
}
