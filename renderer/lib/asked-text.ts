/** What core is asked for: nothing until two characters are typed, as one letter is in nearly every record and takes long. */
export function askedText(text: string): string {
	const asked = text.trim();
	return [...asked].length < 2 ? '' : asked;
}
