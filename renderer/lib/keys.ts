import { type Command, type CommandId, commands } from './commands.ts';

/** How long the first key of a pair such as "g a" waits for the second. */
const pairMs = 1500;

export interface Stroke {
	key: string;
	ctrlKey: boolean;
	metaKey: boolean;
	shiftKey: boolean;
	altKey: boolean;
}

/** A key press in the registry's spelling: "mod+shift+s", "g", "?", "Space". */
export function strokeName(stroke: Stroke, mac: boolean): string {
	const { key } = stroke;
	const mod = mac ? stroke.metaKey : stroke.ctrlKey;
	const name = key === ' ' ? 'Space' : key.length === 1 ? key.toLowerCase() : key;
	// Shift already shows in a character such as "?", so it is named only beside another modifier or a named key.
	const shift = stroke.shiftKey && (mod || key.length > 1);
	return [mod && 'mod', stroke.altKey && 'alt', shift && 'shift', name].filter(Boolean).join('+');
}

/** Turns presses into command ids, remembering the first key of a pair. */
export function createKeyMatcher(list: readonly Command[] = commands) {
	let first: string | null = null;
	let since = 0;
	const byKeys = new Map(list.flatMap((command) => command.keys.map((keys) => [keys, command] as const)));
	const starts = new Set([...byKeys.keys()].filter((keys) => keys.includes(' ')).map((keys) => keys.split(' ')[0]));
	return (name: string, now: number): Command | null => {
		const pair = first !== null && now - since < pairMs ? byKeys.get(`${first} ${name}`) : undefined;
		first = null;
		if (pair) return pair;
		if (starts.has(name)) {
			first = name;
			since = now;
		}
		return byKeys.get(name) ?? null;
	};
}

const fields = 'input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="combobox"]';
const pressable =
	'button, a[href], summary, [role="button"], [role="menuitem"], [role="option"], [role="switch"], [role="checkbox"], [role="radio"], [role="tab"]';

function isTextless(element: Element): boolean {
	return element instanceof HTMLInputElement && /^(checkbox|radio|button|submit|range)$/.test(element.type);
}

/** True while the person types: single keys belong to the text then. */
export function isTyping(target: EventTarget | null): boolean {
	const field = target instanceof Element ? target.closest(fields) : null;
	return field !== null && !isTextless(field);
}

/** May this command be run by a key pressed on `target`? */
export function mayRun(command: Command, target: EventTarget | null): boolean {
	if (isTyping(target)) return command.whileTyping === true;
	if (!(target instanceof Element)) return true;
	// A dialog or menu owns its keys; Enter and Space belong to whatever can be pressed.
	if (target.closest('dialog, [role="dialog"], [role="menu"], [role="listbox"]')) return command.whileTyping === true;
	const presses = command.keys.includes('Enter') || command.keys.includes('Space');
	return !(presses && (target.closest(pressable) || isTextless(target)));
}

/** Esc leaves a field that has no other use for it, so that single keys are commands again. A dialog closes instead. */
function leaveField(event: KeyboardEvent): boolean {
	const { target } = event;
	if (event.key !== 'Escape' || !(target instanceof HTMLElement) || !isTyping(target)) return false;
	if (target.closest('dialog, [role="dialog"]')) return false;
	target.blur();
	return true;
}

let held = 0;

/** Until released, single keys run nothing: the page they are meant for is still on its way. Returns the release. */
export function holdKeys(): () => void {
	held += 1;
	return () => {
		held -= 1;
	};
}

export type CommandRun = (id: CommandId) => boolean;

/** Listens for keys on the window and runs what the registry says. Returns the way to stop. */
export function listenForKeys(run: CommandRun, mac: boolean): () => void {
	const match = createKeyMatcher();
	const onKey = (event: KeyboardEvent) => {
		if (event.defaultPrevented || event.isComposing || event.key === 'Shift') return;
		if (held > 0 && !event.ctrlKey && !event.metaKey) return;
		if (leaveField(event)) return event.preventDefault();
		const command = match(
			isTyping(event.target) && !event.ctrlKey && !event.metaKey ? '' : strokeName(event, mac),
			event.timeStamp,
		);
		if (command && mayRun(command, event.target) && run(command.id as CommandId)) event.preventDefault();
	};
	window.addEventListener('keydown', onKey);
	return () => window.removeEventListener('keydown', onKey);
}
