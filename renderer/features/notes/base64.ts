/** Bytes to text and back, for Yjs updates on their way to core. Node and browser alike; long documents piece by piece. */
export function toBase64(bytes: Uint8Array): string {
	const piece = 0x8000;
	let text = '';
	for (let at = 0; at < bytes.length; at += piece) text += String.fromCharCode(...bytes.subarray(at, at + piece));
	return btoa(text);
}

export function fromBase64(text: string): Uint8Array {
	const binary = atob(text);
	const bytes = new Uint8Array(binary.length);
	for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
	return bytes;
}
