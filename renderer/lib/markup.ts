/** What the browser knows of trusted types; not among the DOM's types everywhere yet. */
interface TypesOfTrust {
	createPolicy(name: string, rules: { createHTML(text: string, type?: string, sink?: string): string | null }): unknown;
	readonly defaultPolicy: { createHTML(text: string): string } | null;
}

const trust = (window as { trustedTypes?: TypesOfTrust }).trustedTypes;

/**
 * Text that reaches a place where it would become markup must hold none: style sheets pass, elements do not. Only who
 * asks the policy by name, to read a document that is never shown, gets markup through: the editor for what is pasted,
 * and `readMarkup`. There is no rule for scripts, so no text ever becomes one.
 */
export function refuseMarkup(): void {
	trust?.createPolicy('default', {
		createHTML: (text, _type, sink) => (isNeverShown(sink) || !text.includes('<') ? text : null),
	});
}

/** By name, or read into a document of its own: the editor makes the empty page of a new note so. */
function isNeverShown(sink: string | undefined): boolean {
	return sink === undefined || sink === 'DOMParser parseFromString';
}

/** Reads markup into a document of its own, in which nothing runs and nothing is fetched. */
export function readMarkup(html: string): Document {
	return new DOMParser().parseFromString(trust?.defaultPolicy?.createHTML(html) ?? html, 'text/html');
}
