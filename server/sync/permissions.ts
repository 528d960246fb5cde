import { type EntityName, entityByName } from '../../shared/entities/registry.ts';

/** What a person is on an account (domain of `app_user.role`). */
export type Role = 'SAM' | 'SPECIALIST' | 'MANAGER' | 'PROJECT' | 'PROCESSING';

/**
 * `write`: reads and writes. `read`: reads. `write-public`, `read-public`: the same without the fields that a definition
 * calls internal. `none`: does not know that there are any.
 */
export type Right = 'write' | 'write-public' | 'read' | 'read-public' | 'none';

/** Entities whose records belong to accounts; colleagues and devices are for everybody to read and nobody to write. */
export type ScopedEntity = Exclude<EntityName, 'app_user' | 'device'>;

/**
 * Who may do what with the records of an account they have. Which fields a person may write is the definition's to say
 * (sync/check-op.ts); a record about another one (a conflict, a file) needs the right to that one's kind as well.
 */
export const RIGHTS: Readonly<Record<ScopedEntity, Readonly<Record<Role, Right>>>> = {
	account: of(['write', 'write', 'read', 'read', 'read-public']),
	contact: of(['write', 'write', 'read', 'read', 'read-public']),
	patent_asset: of(['write', 'write', 'read', 'read', 'write-public']),
	renewal_event: of(['write', 'write', 'read', 'read', 'write']),
	import_batch: of(['write', 'write', 'read', 'read', 'write']),
	mapping_profile: of(['write', 'write', 'read', 'read', 'write']),
	issue: of(['write', 'write', 'write', 'write', 'write']),
	task: of(['write', 'write', 'write', 'write', 'write']),
	visit: of(['write', 'write', 'read', 'write', 'none']),
	attendee: of(['write', 'write', 'read', 'write', 'none']),
	checklist_item: of(['write', 'write', 'read', 'write', 'none']),
	note: of(['write', 'write', 'read', 'write', 'none']),
	attachment: of(['write', 'write', 'write', 'write', 'write']),
	conflict: of(['write', 'write', 'write', 'write', 'write']),
	handover: of(['write', 'write', 'write', 'read', 'none']),
};

function of([sam, specialist, manager, project, processing]: readonly [Right, Right, Right, Right, Right]) {
	return { SAM: sam, SPECIALIST: specialist, MANAGER: manager, PROJECT: project, PROCESSING: processing };
}

export const ROLES = Object.keys(RIGHTS.account) as Role[];

/** A stored role; one this version does not know counts as the one that may least. */
export function roleOf(stored: string): Role {
	return ROLES.find((role) => role === stored) ?? 'PROCESSING';
}

/** A kind of record, and what it is about where that matters (`aboutOf`). */
export interface Kind {
	entity: string;
	about?: string | null | undefined;
}

const INTERNAL = '.internal';

/** What a record is about: the kind of a conflict's record, marked when the field is an internal one; the kind of a file's place. */
export function aboutOf(entity: string, data: Readonly<Record<string, unknown>>): string | null {
	if (entity === 'attachment') return typeof data.parent_type === 'string' ? data.parent_type : null;
	if (entity !== 'conflict' || typeof data.entity !== 'string') return null;
	const field = typeof data.field === 'string' ? entityByName(data.entity)?.fields[data.field] : undefined;
	return field?.internal ? data.entity + INTERNAL : data.entity;
}

/** Whether somebody with `role` on a record's account may see it. */
export function mayRead(role: Role, { entity, about }: Kind): boolean {
	return rightTo(role, entity) !== 'none' && (!about || rightTo(role, about) !== 'none');
}

/** Whether somebody with `role` on a record's account may make, change and delete it. */
export function mayWrite(role: Role, { entity, about }: Kind): boolean {
	return isWriting(rightTo(role, entity)) && (!about || isWriting(rightTo(role, about)));
}

function isWriting(right: Right): boolean {
	return right === 'write' || right === 'write-public';
}

function rightTo(role: Role, entity: string): Right {
	const name = entity.endsWith(INTERNAL) ? entity.slice(0, -INTERNAL.length) : entity;
	if (!Object.hasOwn(RIGHTS, name)) return 'none';
	const right = RIGHTS[name as ScopedEntity][role];
	return name !== entity && right.endsWith('-public') ? 'none' : right;
}

/** Kinds of records, and of what records are about, that somebody with this role does not see at all. */
export function unreadable(role: Role): string[] {
	const names = Object.keys(RIGHTS);
	return [...names, ...names.map((name) => name + INTERNAL)].filter((name) => rightTo(role, name) === 'none');
}

const hiddenByKey = new Map<string, ReadonlySet<string>>();

/** Fields of an entity that somebody with this role neither sees nor writes. */
export function hiddenFields(role: Role, entity: string): ReadonlySet<string> {
	const key = `${role} ${entity}`;
	const known = hiddenByKey.get(key);
	if (known) return known;
	const isPublic = ['read-public', 'write-public'].includes(rightTo(role, entity));
	const fields = isPublic ? Object.entries(entityByName(entity)?.fields ?? {}) : [];
	const hidden = new Set(fields.filter(([, field]) => field.internal).map(([name]) => name));
	hiddenByKey.set(key, hidden);
	return hidden;
}

/** Whether this role sees everything of an account, so that nothing needs to be looked at record by record. */
export function seesAll(role: Role): boolean {
	return unreadable(role).length === 0;
}
