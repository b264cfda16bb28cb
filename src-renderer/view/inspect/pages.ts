/** @file The pages of Inspect. Adding one is a line here. */
import type { Component } from 'svelte';
import EncodersPage from './compare/EncodersPage.svelte';
import LibrariesPage from './compare/LibrariesPage.svelte';
import ConceptsPage from './concepts/ConceptsPage.svelte';
import FactorsPage from './figures/FactorsPage.svelte';
import OccurrencePage from './figures/OccurrencePage.svelte';
import ProfilePage from './figures/ProfilePage.svelte';
import SpectraPage from './figures/SpectraPage.svelte';
import TaggramPage from './figures/TaggramPage.svelte';
import MapPage from './map/MapPage.svelte';
import NeuronsPage from './neurons/NeuronsPage.svelte';

/** A page about the chosen space, which has an index. */
export type InspectPage = { name: string; title: string; page: Component };

/** In the order of their tabs. */
export const inspectPages: readonly [InspectPage, ...InspectPage[]] = [
  { name: 'neurons', title: 'Neurons', page: NeuronsPage },
  { name: 'profile', title: 'Profile', page: ProfilePage },
  { name: 'occurrence', title: 'Tags', page: OccurrencePage },
  { name: 'taggram', title: 'Taggram', page: TaggramPage },
  { name: 'factors', title: 'Factors', page: FactorsPage },
  { name: 'spectra', title: 'Spectra', page: SpectraPage },
  { name: 'libraries', title: 'Two libraries', page: LibrariesPage },
  { name: 'encoders', title: 'Two encoders', page: EncodersPage },
  { name: 'concepts', title: 'Concepts', page: ConceptsPage },
  { name: 'map', title: 'Map', page: MapPage },
];
