import { account } from './account.ts';
import { appUser } from './app-user.ts';
import { attachment } from './attachment.ts';
import { conflict, device } from './conflict.ts';
import { contact } from './contact.ts';
import type { Entity } from './define.ts';
import { handover } from './handover.ts';
import { importBatch, mappingProfile } from './import-batch.ts';
import { issue } from './issue.ts';
import { note } from './note.ts';
import { patentAsset } from './patent-asset.ts';
import { renewalEvent } from './renewal-event.ts';
import { task } from './task.ts';
import { attendee, checklistItem, visit } from './visit.ts';

/** Every entity by name: the one list from which table types, codecs, schemas and the sync registry follow. */
export const entities = {
	account,
	app_user: appUser,
	attachment,
	attendee,
	checklist_item: checklistItem,
	conflict,
	contact,
	device,
	handover,
	import_batch: importBatch,
	issue,
	mapping_profile: mappingProfile,
	note,
	patent_asset: patentAsset,
	renewal_event: renewalEvent,
	task,
	visit,
} as const;

export type EntityName = keyof typeof entities;
export type EntityOf<N extends EntityName> = (typeof entities)[N];

/** The definition of `name`, or undefined for a name this version does not know. */
export function entityByName(name: string): Entity | undefined {
	return Object.hasOwn(entities, name) ? entities[name as EntityName] : undefined;
}

/** The definition of a name that is known to exist. */
export function getEntity(name: EntityName): Entity {
	return entities[name];
}
