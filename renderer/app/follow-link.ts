/** What Chromium knows of the network; not part of the DOM's types, and not all of it is there on every system. */
interface Link extends EventTarget {
	readonly saveData?: boolean;
	readonly type?: string;
}

/** Links that are paid by the byte. */
const METERED = new Set(['cellular', 'wimax']);

/**
 * Tells core whether the system holds the link to be metered: it asks for data to be saved, or names a link of that
 * kind. Nothing is said of a system that does not know.
 */
export function followLink(): () => void {
	const { connection } = navigator as Navigator & { connection?: Link };
	if (!connection) return () => undefined;
	const tell = () =>
		window.fieldbook.tellLink({ metered: connection.saveData === true || METERED.has(connection.type ?? '') });
	tell();
	connection.addEventListener('change', tell);
	return () => connection.removeEventListener('change', tell);
}
