import { showToast } from './toasts.ts';

/** Puts text on the clipboard and says so; `said` is the toast. */
export async function copyText(text: string, said: string): Promise<void> {
	try {
		await navigator.clipboard.writeText(text);
		showToast(said);
	} catch {
		showToast('This could not be copied. Click into the window and try again.', { tone: 'red' });
	}
}
