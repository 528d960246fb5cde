import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { isLogCut } from '../../../db/log-check.ts';

/** The log of a store from which confirmed work can no longer be read, as it was found. */
const cutLogOf = (file: string): string => `${file}-cut-log`;

/**
 * True when confirmed work is missing from the store. To be asked before it is opened: the log is then kept aside, because
 * opening the store does away with it, and the store stays known as damaged until a backup has taken its place.
 */
export function hasCutLog(file: string): boolean {
	if (existsSync(cutLogOf(file))) return true;
	if (!isLogCut(file)) return false;
	keepLog(file);
	return true;
}

/** On a full disk a second name has to do; that there is room for neither must keep nobody from what can be read. */
function keepLog(file: string): void {
	for (const keep of [copyFileSync, linkSync]) {
		try {
			keep(`${file}-wal`, cutLogOf(file));
			return;
		} catch {
			rmSync(cutLogOf(file), { force: true });
		}
	}
}

/** Another store takes the place of the damaged one: its log is put beside what is kept of it. */
export function putCutLogAside(file: string, aside: string): void {
	if (existsSync(cutLogOf(file))) renameSync(cutLogOf(file), `${aside}-cut-log`);
}
