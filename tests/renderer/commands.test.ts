import { describe, expect, it } from 'vitest';
import { type Command, commands, keyWords } from '../../renderer/lib/commands.ts';
import { createKeyMatcher, strokeName } from '../../renderer/lib/keys.ts';

const all: readonly Command[] = commands;

const press = (key: string, extra = {}) =>
	strokeName({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...extra }, false);

describe('the command registry', () => {
	it('names every command once', () => {
		expect(new Set(all.map((command) => command.id)).size).toBe(all.length);
		expect(new Set(all.map((command) => command.title)).size).toBe(all.length);
	});

	it('gives no key to two commands', () => {
		const keys = all.flatMap((command) => command.keys);
		expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
	});

	it('uses no key alone that also begins a pair', () => {
		const keys = all.flatMap((command) => command.keys);
		const starts = keys.filter((key) => key.includes(' ')).map((key) => key.split(' ')[0]);
		expect(keys.filter((key) => starts.includes(key))).toEqual([]);
	});

	it('lets only keys with a modifier work while typing', () => {
		const wrong = all.filter((command) => command.whileTyping && !command.keys.every((key) => key.includes('+')));
		expect(wrong).toEqual([]);
	});
});

describe('key presses', () => {
	it('are spelled like the registry spells them', () => {
		expect(press('k', { ctrlKey: true })).toBe('mod+k');
		expect(press('S', { ctrlKey: true, shiftKey: true })).toBe('mod+shift+s');
		expect(press('?', { shiftKey: true })).toBe('?');
		expect(press(' ')).toBe('Space');
		expect(press('ArrowLeft', { altKey: true })).toBe('alt+ArrowLeft');
		expect(strokeName({ key: 'k', ctrlKey: false, metaKey: true, shiftKey: false, altKey: false }, true)).toBe('mod+k');
	});

	it('G and then A goes to the accounts, but not after a pause', () => {
		const match = createKeyMatcher();
		expect(match('g', 0)).toBeNull();
		expect(match('a', 400)?.id).toBe('go.accounts');
		expect(match('g', 1000)).toBeNull();
		expect(match('a', 4000)).toBeNull();
	});

	it('a key that belongs to no pair still does its own work after G', () => {
		const match = createKeyMatcher();
		match('g', 0);
		expect(match('j', 100)?.id).toBe('list.next');
	});

	it('are shown in words', () => {
		expect(keyWords('g a')).toBe('G then A');
		expect(keyWords('mod+shift+s')).toBe('Ctrl Shift S');
	});
});
