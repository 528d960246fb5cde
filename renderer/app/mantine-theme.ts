import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Mantine asks for ten shades; Fieldbook has one accent, and the theme file says which. */
const accent = Array.from({ length: 10 }, () => 'var(--accent)') as unknown as MantineColorsTuple;

/**
 * No motion, no shadow. Lists open beside their box and not at the end of the page: a native dialog lies above the page and
 * would hide them there; `fixed` keeps them from being cut.
 */
const inPlace = {
	transitionProps: { duration: 0 },
	shadow: 'none',
	withinPortal: false,
	floatingStrategy: 'fixed',
} as const;

/** Tab goes from an open list to the next box: the list's scroller is not a stop, for it is gone by the time it is reached. */
const notAStop = { viewportProps: { tabIndex: -1 } } as const;

/** Structure only. Colours and sizes come from theme.css. */
export const mantineTheme = createTheme({
	primaryColor: 'accent',
	colors: { accent },
	fontFamily: 'var(--font)',
	headings: { fontFamily: 'var(--font)', fontWeight: '600' },
	defaultRadius: 'var(--radius)',
	cursorType: 'default',
	respectReducedMotion: true,
	components: {
		Input: { defaultProps: { size: 'sm' } },
		Select: {
			defaultProps: { comboboxProps: inPlace, scrollAreaProps: notAStop, checkIconPosition: 'right', size: 'sm' },
		},
		MultiSelect: { defaultProps: { comboboxProps: inPlace, scrollAreaProps: notAStop, size: 'sm' } },
		Autocomplete: { defaultProps: { comboboxProps: inPlace, scrollAreaProps: notAStop, size: 'sm' } },
		Popover: { defaultProps: inPlace },
		Menu: { defaultProps: inPlace },
		Tooltip: { defaultProps: { transitionProps: { duration: 0 }, openDelay: 400 } },
		Modal: {
			defaultProps: {
				transitionProps: { duration: 0 },
				shadow: 'none',
				centered: false,
				yOffset: '12vh',
				overlayProps: { backgroundOpacity: 0.35 },
			},
		},
		Checkbox: { defaultProps: { size: 'xs' } },
		Switch: { defaultProps: { size: 'sm' } },
	},
});
