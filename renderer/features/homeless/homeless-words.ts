import type { HomelessRecord } from '../../../shared/contract/sync-models.ts';
import { quoted } from '../../../shared/domain/quoted.ts';
import { entityByName } from '../../../shared/entities/registry.ts';
import { countedWords } from '../../lib/counted-words.ts';
import { exactInstant } from '../../lib/dates.ts';
import { counted } from '../../lib/numbers.ts';

function labelOf(entity: string): string {
	return (entityByName(entity)?.label ?? entity).toLowerCase();
}

/** "the visit “Quarterly review in Basel”". */
export function lostWords({ lost }: HomelessRecord): string {
	return lost.title
		? `the ${labelOf(lost.entity)} ${quoted(lost.title)}`
		: `a ${labelOf(lost.entity)} that is not here`;
}

/** "the visit “Quarterly review”, with 6 attendees and 9 checklist items". */
export function broughtBackWords(record: HomelessRecord): string {
	const along = countedWords(record.lost.along);
	return along ? `${lostWords(record)}, with ${along}` : lostWords(record);
}

/** What bringing back and deleting would do, before either is pressed. */
export function consequenceWords(record: HomelessRecord): string {
	const kind = labelOf(record.entity);
	const back =
		record.lost.deletedAt === null ? '' : `Bring it back: ${broughtBackWords(record)}, is there again for everybody. `;
	const files =
		record.files > 0
			? `; its ${counted(record.files, 'file')} ${record.files === 1 ? 'stays' : 'stay'} with ${record.account_name}`
			: '';
	return `${back}Delete: only this ${kind} goes to the trash, for 30 days${files}.`;
}

/** Who took away what it belonged to, and when; or that it never came. */
export function goneWords(record: HomelessRecord): string {
	const { deletedAt, deletedBy } = record.lost;
	const what = lostWords(record);
	if (!deletedAt) return `It belongs to ${what}, which never came to this computer.`;
	return `It belonged to ${what}, deleted ${deletedBy ? `by ${deletedBy} ` : ''}on ${exactInstant(deletedAt)}.`;
}

export function kindWords(record: HomelessRecord): string {
	return entityByName(record.entity)?.label ?? record.entity;
}

/** A place of the same client in a menu: "Visit: Workshop late instructions". */
export function placeWords(place: HomelessRecord['places'][number]): string {
	return `${entityByName(place.parent_type)?.label ?? place.parent_type}: ${place.title}`;
}
