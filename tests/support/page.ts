import type { Page } from '@playwright/test';
// For `window.fieldbook` in code that runs in the page.
import type {} from '../../renderer/lib/core.ts';
import type { InputOf, MethodName, OutputOf } from '../../shared/contract/contract.ts';

/** What the foot of the rail says about sync. */
export function syncStatus(page: Page) {
	return page.getByRole('status', { name: 'Sync', exact: true });
}

/** Asks core by the bridge, as the page does; fails the test when core refuses. */
export async function ask<N extends MethodName>(page: Page, method: N, input: InputOf<N>): Promise<OutputOf<N>> {
	const result = await page.evaluate(([name, value]) => window.fieldbook.call(name as MethodName, value as never), [
		method,
		input,
	] as const);
	if (!result.ok) throw new Error(`${method}: ${JSON.stringify(result.error)}`);
	return result.value as OutputOf<N>;
}

/** Opens an address of the app. */
export async function go(page: Page, route: string): Promise<void> {
	await page.evaluate((to) => {
		location.hash = `#${to}`;
	}, route);
}
