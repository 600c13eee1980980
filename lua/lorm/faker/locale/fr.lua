-- Français.
local list = require "lorm.faker.list"

return {
  person = {
    female = list.words [[
      Adèle Agathe Alice Aline Amandine Amélie Anaïs Anne Apolline Audrey Aurélie Aurore Béatrice Blanche Brigitte Camille
      Capucine Caroline Catherine Cécile Céleste Céline Charlotte Chloé Christine Claire Clara Clémence Colette Corinne
      Delphine Denise Diane Édith Élise Élodie Éloïse Emma Estelle Eugénie Eva Fabienne Fanny Florence Françoise Gabrielle
      Geneviève Hélène Héloïse Inès Irène Isabelle Jade Jeanne Joséphine Julie Juliette Justine Laure Laurence Léa Léonie
      Lina Louise Lucie Lucile Madeleine Manon Margaux Marguerite Marie Marianne Marine Marion Marthe Mathilde Mélanie
      Monique Nathalie Nina Noémie Océane Odette Pauline Romane Rose Sabine Sandrine Sarah Simone Solène Sophie Suzanne
      Sylvie Thérèse Valentine Valérie Véronique Victoire Violette Virginie Yvonne Zoé
    ]],
    male = list.words [[
      Achille Adrien Alain Albert Alexandre Alexis André Antoine Antonin Armand Arnaud Arthur Aubin Auguste Aurélien
      Baptiste Bastien Benjamin Benoît Bernard Bertrand Bruno Cédric Charles Christian Christophe Claude Clément Corentin
      Cyril Damien Daniel David Denis Didier Dominique Édouard Élie Émile Emmanuel Éric Étienne Eugène Fabien Fabrice Félix
      Fernand Florian François Frédéric Gabriel Gaël Gaspard Gaston Georges Gérard Gilbert Gilles Grégoire Guillaume
      Gustave Guy Henri Hervé Hugo Ismaël Jacques Jean Jérémie Jérôme Joël Jonathan Joseph Jules Julien Laurent Léo Léon
      Loïc Louis Luc Lucas Lucien Marc Marcel Marius Martin Mathieu Mathis Maurice Maxence Maxime Michel Nathan Nicolas
      Noé Olivier Pascal Patrick Paul Philippe Pierre Quentin Raphaël Raymond Rémi René Richard Robert Robin Roger Romain
      Sacha Samuel Sébastien Serge Simon Stéphane Sylvain Théo Théodore Thibault Thierry Thomas Tristan Valentin Victor
      Vincent Xavier Yann Yves
    ]],
    last = list.words [[
      Allard Arnaud Aubert Aubry Bailly Barbier Baron Barre Bataille Benoit Berger Bernard Bertin Bertrand Besson Blanc
      Blanchard Bonnet Boucher Bouchet Boulanger Bourgeois Bouvier Boyer Breton Brun Brunet Carlier Caron Carpentier Carré
      Chambon Charles Charpentier Chevalier Clément Colin Collet Cordier Cousin Daniel David Delattre Delmas Denis Deschamps
      Dubois Dufour Dumas Dumont Dupont Dupuis Dupuy Durand Duval Étienne Fabre Faure Favre Ferrand Fleury Fontaine
      Fournier François Gaillard Garnier Gaudin Gauthier Germain Gérard Gilbert Girard Giraud Grondin Guérin Guichard
      Guillaume Guillot Guyot Hamel Hardy Hébert Henry Hubert Huet Humbert Jacob Jacquet Joly Julien Klein Lacroix Laine
      Lambert Langlois Laporte Laurent Lebrun Leclerc Lecomte Lefebvre Leger Legrand Lemaire Lemoine Lenoir Leroux Leroy
      Leveque Lucas Maillard Mallet Marchand Marie Marin Martin Martinet Masson Mathieu Maurice Menard Mercier Meunier
      Meyer Michel Millet Monnier Moreau Moreaux Morel Morin Moulin Muller Nicolas Noel Olivier Paris Pasquier Payet
      Pelletier Perret Perrin Perrot Petit Philippe Picard Pichon Poirier Pons Poulain Prévost Raymond Renard Renaud Rey
      Reynaud Richard Rivière Robert Robin Roche Roger Rolland Rousseau Roussel Roux Roy Royer Sanchez Schmitt Simon Tessier
      Thomas Vasseur Verdier Vidal Vincent Weber
    ]],
    prefixes = { female = { "Mme", "Mlle", "Dr" }, male = { "M.", "Dr", "Me" } },
    suffixes = {}, fullName = "{first} {last}",
  },
  location = {
    countries = list.lines [[
      Algérie
      Allemagne
      Argentine
      Australie
      Autriche
      Belgique
      Brésil
      Bulgarie
      Cameroun
      Canada
      Chili
      Chine
      Colombie
      Corée du Sud
      Croatie
      Danemark
      Égypte
      Espagne
      Estonie
      États-Unis
      Finlande
      France
      Grèce
      Hongrie
      Inde
      Irlande
      Islande
      Italie
      Japon
      Lettonie
      Liban
      Lituanie
      Luxembourg
      Madagascar
      Maroc
      Mexique
      Norvège
      Nouvelle-Zélande
      Pays-Bas
      Pérou
      Pologne
      Portugal
      Roumanie
      Royaume-Uni
      Sénégal
      Slovénie
      Suède
      Suisse
      Tunisie
      Viêt Nam
    ]],
    states = {
      { name = "Auvergne-Rhône-Alpes", code = "ARA" }, { name = "Bourgogne-Franche-Comté", code = "BFC" },
      { name = "Bretagne", code = "BRE" }, { name = "Centre-Val de Loire", code = "CVL" }, { name = "Corse", code = "COR" },
      { name = "Grand Est", code = "GES" }, { name = "Hauts-de-France", code = "HDF" },
      { name = "Île-de-France", code = "IDF" }, { name = "Normandie", code = "NOR" },
      { name = "Nouvelle-Aquitaine", code = "NAQ" }, { name = "Occitanie", code = "OCC" },
      { name = "Pays de la Loire", code = "PDL" }, { name = "Provence-Alpes-Côte d'Azur", code = "PAC" },
    },
    county = "Pays de {city}",
    cities = list.words [[
      Aix-en-Provence Ajaccio Albi Amiens Angers Angoulême Annecy Antibes Arles Arras Avignon Bayonne Beauvais Belfort
      Besançon Béziers Blois Bordeaux Boulogne Bourges Brest Caen Calais Cannes Carcassonne Chambéry Chartres Cherbourg
      Clermont-Ferrand Colmar Dijon Dunkerque Épinal Évreux Grenoble Laval Lille Limoges Lorient Lyon Mâcon Marseille Metz
      Montauban Montpellier Mulhouse Nancy Nantes Narbonne Nevers Nice Nîmes Niort Orléans Paris Pau Périgueux Perpignan
      Poitiers Quimper Reims Rennes Roanne Rodez Rouen Saint-Étienne Saint-Malo Strasbourg Tarbes Toulon Toulouse Tours
      Troyes Valence Vannes Versailles Vichy
    ]],
    cityPatterns = { "{prefix}-{last}", "{last}{suffix}", "Saint-{male}", "Sainte-{female}" },
    cityPrefixes = { "Bourg", "Mont", "Pont", "Val", "Ville", "Château" },
    citySuffixes = { "-sur-Mer", "-la-Forêt", "-les-Bains", "-en-Plaine", "ville", "court", "-le-Vieux" },
    streetPatterns = { "{suffix} {name}", "{suffix} {name}", "{suffix} {first} {last}" },
    streetNames = list.lines [[
      de l'Abbaye
      de l'Église
      de la Fontaine
      de la Gare
      de la Liberté
      de la Mairie
      de la Paix
      de la République
      de l'Étang
      des Acacias
      des Cerisiers
      des Champs
      des Écoles
      des Lilas
      des Moulins
      des Peupliers
      des Prés
      des Tilleuls
      du Bois
      du Château
      du Lavoir
      du Marché
      du Port
      du Stade
    ]],
    streetSuffixes = { "rue", "rue", "rue", "avenue", "boulevard", "place", "chemin", "impasse", "allée", "quai" },
    numbers = { "!", "!#", "1#", "1##", "! bis", "!# ter" },
    secondary = { "Appt. ##", "Bâtiment ?", "#e étage" },
    zips = { "0!###", "!####", "!####", "!####", "1####" },
    address = "{number} {street}", full = "{address}, {secondary}", postal = "{address}\n{zip} {city}",
  },
  phone = {
    human = { "01 !# ## ## ##", "04 !# ## ## ##", "06 !# ## ## ##", "+33 1 !# ## ## ##", "06!#######" },
    national = { "01 !# ## ## ##", "02 !# ## ## ##", "06 !# ## ## ##" }, international = { "+331!#######", "+336!#######" },
  },
  company = {
    suffixes = { "SA", "SARL", "SAS", "SNC", "EURL", "et Fils", "et Associés", "Groupe" },
    patterns = { "{last} {suffix}", "{last} {suffix}", "{last} et {last}", "{last}, {last} et {last}" },
  },
}
