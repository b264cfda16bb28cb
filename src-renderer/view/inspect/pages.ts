/** @file The pages of Inspect. Adding one is a line here. */
import type { Component } from 'svelte';
import ConceptsPage from './concepts/ConceptsPage.svelte';
import ProfilePage from './figures/ProfilePage.svelte';
import NeuronsPage from './neurons/NeuronsPage.svelte';

/** A page about the chosen space, which has an index. */
export type InspectPage = { name: string; title: string; page: Component };

/** In the order of their tabs. */
export const inspectPages: readonly [InspectPage, ...InspectPage[]] = [
  { name: 'neurons', title: 'Neurons', page: NeuronsPage },
  { name: 'profile', title: 'Profile', page: ProfilePage },
  { name: 'concepts', title: 'Concepts', page: ConceptsPage },
];
