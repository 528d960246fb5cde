import type { SearchHit } from '../../../shared/contract/models.ts';
import { entities } from '../../../shared/entities/registry.ts';
import { type Command, type CommandId, commands } from '../../lib/commands.ts';
import { storedInWords } from '../../lib/dates.ts';
import { canRun } from '../../lib/use-command.ts';

export type PaletteItem =
	| { kind: 'command'; id: string; group: string; title: string; command: Command & { id: CommandId } }
	| { kind: 'record'; id: string; group: string; title: string; detail: string; hit: SearchHit };

/** Commands that something on screen answers now and whose words hold every typed word. */
export function commandItems(text: string): PaletteItem[] {
	const parts = text.toLowerCase().split(/\s+/).filter(Boolean);
	return commands
		.filter((command: Command & { id: CommandId }) => !command.keyOnly && canRun(command.id))
		.filter((command) => parts.every((part) => `${command.group} ${command.title}`.toLowerCase().includes(part)))
		.map((command) => ({
			kind: 'command',
			id: command.id,
			group: command.group === 'Go to' ? 'Go to' : 'Commands',
			title: command.title,
			command,
		}));
}

/** "DE DE 102011 B · Halden" names its country once; a day is told in words. */
function detailWords(detail: string): string {
	const parts = detail.split(' · ').map((part) => storedInWords(part.replace(/^([A-Z]{2}) (?=\1\b)/, '')));
	return parts.join(' · ');
}

/** Records found, each kind once, the kind of the best one first. */
export function recordItems(hits: readonly SearchHit[]): PaletteItem[] {
	const kinds = [...new Set(hits.map((hit) => hit.entity))];
	const grouped = kinds.flatMap((kind) => hits.filter((hit) => hit.entity === kind));
	return grouped.map((hit) => ({
		kind: 'record',
		id: `${hit.entity}:${hit.id}`,
		group: entities[hit.entity].plural,
		title: hit.title,
		detail: detailWords(hit.detail),
		hit,
	}));
}
