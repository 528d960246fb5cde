import { z } from 'zod';
import type { Health } from '../domain/health/health-facts.ts';
import { account } from '../entities/account.ts';
import { contact } from '../entities/contact.ts';
import type { Entity } from '../entities/define.ts';
import { issue } from '../entities/issue.ts';
import { note } from '../entities/note.ts';
import { patentAsset } from '../entities/patent-asset.ts';
import { createSchema, editableFields, patchSchema } from '../entities/schema.ts';
import { task } from '../entities/task.ts';
import { attendee, checklistItem, visit } from '../entities/visit.ts';
import { backupMethods } from './backup-methods.ts';
import type { DayPage } from './day-models.ts';
import { type Action, action, type Command, command, type Method, type Query, query } from './define.ts';
import type { CallResult } from './errors.ts';
import { fileMethods } from './file-methods.ts';
import { keptMethods } from './kept-methods.ts';
import type * as m from './models.ts';
import { noteVersionMethods } from './note-version-methods.ts';
import { sessionMethods } from './session-methods.ts';
import { syncMethods } from './sync-methods.ts';

const none = z.strictObject({});
const id = z.string().min(1).max(64);
const one = z.strictObject({ id });
const page = { offset: z.int().nonnegative().default(0), limit: z.int().positive().max(5000).default(500) };
const fileToken = z.string().min(1).max(64);

/** `seen`: what stood in the fields when the typing began, so that a colleague's edit that came in meanwhile is met and not written over. */
const patchOf = (entity: Entity) =>
	z.strictObject({
		id,
		patch: patchSchema(editableFields(entity)),
		seen: z.record(z.string().max(100), z.json()).optional(),
	});
const newOf = (entity: Entity, except: string[] = []) =>
	createSchema(Object.fromEntries(Object.entries(editableFields(entity)).filter(([name]) => !except.includes(name))));

const importSettings = z.strictObject({
	encoding: z.string().max(40),
	delimiter: z
		.string()
		.max(4)
		.regex(/^[^"\r\n]+$/, 'is no delimiter')
		.nullable(),
	sheet: z.string().max(200).nullable(),
	headerRow: z.int().nonnegative().max(1000),
	mapping: z.array(z.string().max(100).nullable()).max(20_000),
	dateStyles: z.record(z.string(), z.enum(['ymd', 'dmy', 'mdy', 'auto'])),
});

/** Every method between renderer and core. Query keys are always [method, input]. */
export const contract = {
	'app.info': query(none, ['app_user', 'issue', 'note', 'visit', 'patent_asset', 'renewal_event'])<m.AppInfo>(),
	'users.list': query(none, ['app_user'])<m.UserRow[]>(),

	/** `today`: the local date of the laptop's zone. */
	'day.get': query(z.strictObject({ today: z.iso.date() }), [
		'account',
		'issue',
		'task',
		'visit',
		'checklist_item',
		'renewal_event',
		'conflict',
		'outbox',
	])<DayPage>(),

	'accounts.list': query(none, ['account', 'issue', 'visit', 'note', 'patent_asset', 'renewal_event'])<
		m.AccountRow[]
	>(),
	'accounts.rights': query(one, ['account', 'app_user'])<m.AccountRights>(),
	'accounts.get': query(one, [
		'account',
		'app_user',
		'issue',
		'visit',
		'note',
		'patent_asset',
		'renewal_event',
	])<m.AccountPage>(),
	/** `today`: the local date of the laptop's zone. */
	'accounts.health': query(z.strictObject({ id, today: z.iso.date() }), [
		'account',
		'issue',
		'visit',
		'note',
		'patent_asset',
		'renewal_event',
	])<Health>(),
	'accounts.timeline': query(z.strictObject({ id, ...page }), [
		'note',
		'issue',
		'visit',
		'import_batch',
		'app_user',
		'text_update',
	])<m.TimelineLine[]>(),
	'accounts.update': command('Account changed', patchOf(account))<void>(),

	'contacts.list': query(z.strictObject({ account_id: id }), ['contact'])<m.ContactRow[]>(),
	'contacts.create': command('Contact added', newOf(contact))<m.Created>(),
	'contacts.update': command('Contact changed', patchOf(contact))<void>(),
	'contacts.delete': command('Contact deleted', one)<void>(),

	'assets.list': query(
		z.strictObject({
			account_id: id,
			text: z.string().max(200).default(''),
			sort: z
				.enum(['client_ref', 'title', 'country', 'filing_date', 'grant_date', 'expiry_date', 'status'])
				.default('client_ref'),
			descending: z.boolean().default(false),
			...page,
		}),
		['patent_asset'],
	)<{ rows: m.AssetRow[]; total: number }>(),
	'assets.get': query(one, ['patent_asset', 'renewal_event', 'account'])<m.AssetPage>(),
	'assets.update': command('Case changed', patchOf(patentAsset))<void>(),

	'renewals.upcoming': query(z.strictObject({ account_id: id, ...page }), ['renewal_event', 'patent_asset'])<
		m.RenewalRow[]
	>(),

	'issues.list': query(z.strictObject({ account_id: id.optional(), open: z.boolean().default(true), ...page }), [
		'issue',
		'account',
		'app_user',
		'conflict',
		'outbox',
	])<m.IssueRow[]>(),
	'issues.get': query(one, [
		'issue',
		'account',
		'app_user',
		'contact',
		'patent_asset',
		'conflict',
		'outbox',
	])<m.IssuePage>(),
	/** `ref_no`, `status`, `owner_id` and `received_at` are filled in when left out. */
	'issues.create': command(
		'Issue created',
		z.strictObject({
			account_id: id,
			title: z.string().trim().min(1, 'is empty').max(500),
			type: z.enum(Object.keys(issue.fields.type.values) as [string, ...string[]]).default('QUERY'),
			priority: z.enum(Object.keys(issue.fields.priority.values) as [string, ...string[]]).default('NORMAL'),
			due_date: z.iso.date().nullable().default(null),
			owner_id: id.nullable().default(null),
			contact_id: id.nullable().default(null),
			asset_id: id.nullable().default(null),
			client_summary: z.string().max(20_000).nullable().default(null),
		}),
	)<m.Created>(),
	'issues.update': command('Issue changed', patchOf(issue))<void>(),
	'issues.delete': command('Issue deleted', one)<void>(),

	'history.list': query(
		z.strictObject({ entity: z.string().max(40), id, limit: z.int().positive().max(20_000).default(200) }),
		[
			'history',
			'conflict',
			'account',
			'app_user',
			'attendee',
			'checklist_item',
			'contact',
			'issue',
			'note',
			'patent_asset',
			'task',
			'visit',
			'device',
			'attachment',
			'outbox',
		],
	)<m.HistoryLine[]>(),
	...keptMethods,

	'visits.list': query(z.strictObject({ account_id: id.optional(), past: z.boolean().default(false) }), [
		'visit',
		'account',
		'attendee',
		'checklist_item',
		'note',
	])<m.VisitRow[]>(),
	'visits.get': query(one, [
		'visit',
		'account',
		'attendee',
		'checklist_item',
		'note',
		'text_update',
		'issue',
		'renewal_event',
		'patent_asset',
		'app_user',
		'conflict',
		'outbox',
	])<m.VisitPage>(),
	/** Times are given as wall time at the site; core computes the instants. `checklist` puts the standard items on it. */
	'visits.create': command(
		'Visit created',
		z.strictObject({
			account_id: id,
			purpose: z.string().trim().min(1, 'is empty').max(500),
			type: z.enum(Object.keys(visit.fields.type.values) as [string, ...string[]]).default('ONSITE'),
			place: z.string().max(500).nullable().default(null),
			time_zone: z.string().min(1).max(60),
			local_start: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, 'is not a date and time'),
			local_end: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, 'is not a date and time'),
			objectives: z.string().max(20_000).nullable().default(null),
			checklist: z.boolean().default(true),
		}),
	)<m.Created>(),
	/** Patches of `local_start`, `local_end` and `time_zone` move the instants with them. */
	'visits.update': command('Visit changed', patchOf(visit))<void>(),
	'visits.delete': command('Visit deleted', one)<void>(),
	'attendees.create': command('Attendee added', newOf(attendee, ['account_id']))<m.Created>(),
	'attendees.update': command('Attendee changed', patchOf(attendee))<void>(),
	'attendees.delete': command('Attendee removed', one)<void>(),
	'checklist.create': command('Checklist item added', newOf(checklistItem, ['account_id', 'sort_key']))<m.Created>(),
	'checklist.update': command('Checklist changed', patchOf(checklistItem))<void>(),
	'checklist.tick': command('Checklist ticked', z.strictObject({ id, done: z.boolean() }))<void>(),
	'checklist.delete': command('Checklist item removed', one)<void>(),

	'notes.list': query(z.strictObject({ parent_type: z.enum(['account', 'visit', 'issue']), parent_id: id, ...page }), [
		'note',
		'text_update',
		'app_user',
		'outbox',
	])<m.NoteRow[]>(),
	'notes.get': query(one, ['note', 'text_update', 'account'])<m.NotePage>(),
	/** A note is for colleagues until somebody says that the client may see it. */
	'notes.create': command(
		'Note created',
		z.strictObject({
			account_id: id,
			parent_type: z.enum(Object.keys(note.fields.parent_type.values) as [string, ...string[]]),
			parent_id: id,
			title: z.string().max(500).nullable().default(null),
			internal: z.boolean().default(true),
		}),
	)<m.Created>(),
	'notes.update': command('Note changed', patchOf(note))<void>(),
	/** Appends a Yjs update (base64). Answered only once it is on disk. */
	'notes.append': command('Note written', z.strictObject({ id, update: z.base64().max(5_592_408) }))<void>(),
	'notes.delete': command('Note deleted', one)<void>(),
	...noteVersionMethods,

	'tasks.list': query(z.strictObject({ account_id: id.optional(), open: z.boolean().default(true) }), [
		'task',
		'account',
		'app_user',
	])<m.TaskRow[]>(),
	'tasks.create': command('Task created', newOf(task))<m.Created>(),
	'tasks.update': command('Task changed', patchOf(task))<void>(),
	'tasks.delete': command('Task deleted', one)<void>(),

	'search.find': query(z.strictObject({ text: z.string().max(200), limit: z.int().positive().max(50).default(20) }), [
		'account',
		'contact',
		'issue',
		'visit',
		'note',
		'text_update',
		'patent_asset',
		'task',
	])<m.SearchHit[]>(),

	'undo.last': command('Undone', none)<m.UndoResult>(),

	...sessionMethods,
	...syncMethods,
	...fileMethods,
	...backupMethods,

	'imports.list': query(z.strictObject({ account_id: id }), ['import_batch'])<m.ImportRow[]>(),
	'imports.preview': action(
		z.strictObject({ file: fileToken, account_id: id, settings: importSettings.partial().optional() }),
	)<m.ImportPreview>(),
	'imports.commit': action(
		z.strictObject({
			file: fileToken,
			account_id: id,
			settings: importSettings,
			progressId: z.string().max(64).optional(),
		}),
	)<m.ImportResult>(),
	'imports.saveRejects': action(z.strictObject({ file: fileToken, target: fileToken }))<{ rows: number }>(),
	'imports.undo': action(z.strictObject({ batchId: id, progressId: z.string().max(64).optional() }))<{
		removed: number;
	}>(),
	'calls.cancel': action(z.strictObject({ progressId: z.string().max(64) }))<void>(),
} satisfies Record<string, Method>;

export type Contract = typeof contract;
export type MethodName = keyof Contract;
export type InputOf<N extends MethodName> = z.input<Contract[N]['input']>;
export type ParsedOf<N extends MethodName> = z.output<Contract[N]['input']>;
export type OutputOf<N extends MethodName> = Contract[N] extends
	| Query<z.ZodType, infer O>
	| Command<z.ZodType, infer O>
	| Action<z.ZodType, infer O>
	? O
	: never;

/** Asks core. Rejects with nothing: failures come back as values. */
export type Call = <N extends MethodName>(method: N, input: InputOf<N>) => Promise<CallResult<OutputOf<N>>>;
