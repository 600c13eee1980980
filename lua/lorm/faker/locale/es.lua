-- Español.
local list = require "lorm.faker.list"

return {
  person = {
    female = list.words [[
      Adela Adriana Aitana Alba Alejandra Alicia Amalia Amparo Ana Andrea Ángela Antonia Aurora Beatriz Belén Berta Blanca
      Camila Candela Carla Carlota Carmen Carolina Catalina Cecilia Celia Clara Claudia Concepción Consuelo Cristina
      Daniela Diana Dolores Elena Elisa Elvira Emilia Esperanza Estela Ester Eugenia Eva Fátima Florencia Gabriela Gloria
      Graciela Guadalupe Inés Irene Isabel Jimena Josefa Juana Julia Laura Leonor Lola Lorena Lourdes Lucía Luisa Magdalena
      Manuela Mar Marcela Margarita María Mariana Marina Marta Matilde Mercedes Mónica Natalia Noelia Nuria Olga Paloma
      Patricia Paula Pilar Raquel Regina Rocío Rosa Rosario Sandra Sara Silvia Sofía Soledad Susana Teresa Triana Valentina
      Valeria Vega Verónica Victoria Violeta Virginia Ximena Yolanda Zoe
    ]],
    male = list.words [[
      Adolfo Adrián Agustín Alberto Alejandro Alfonso Alfredo Alonso Álvaro Andrés Ángel Antonio Armando Arturo Baltasar
      Benito Bernardo Bruno Camilo Carlos César Claudio Cristian Daniel David Diego Domingo Eduardo Elías Emiliano Emilio
      Enrique Ernesto Esteban Eugenio Fabián Federico Felipe Félix Fernando Francisco Gabriel Gerardo Germán Gonzalo
      Gregorio Guillermo Gustavo Héctor Hernán Hugo Ignacio Iker Isidro Iván Jacobo Jaime Javier Jerónimo Jesús Joaquín
      Jorge José Juan Julián Julio Leandro Leonardo Lorenzo Lucas Luis Manuel Marcelo Marco Marcos Mariano Mario Martín
      Mateo Matías Mauricio Máximo Miguel Nicolás Octavio Óscar Pablo Patricio Pedro Rafael Ramiro Ramón Raúl Ricardo
      Roberto Rodrigo Rogelio Rubén Salvador Samuel Santiago Saúl Sebastián Sergio Simón Teodoro Tomás Vicente Víctor
    ]],
    last = list.words [[
      Abad Acosta Aguilar Aguirre Alarcón Alonso Álvarez Aranda Arias Arroyo Ávila Ayala Barrera Barrios Bautista Beltrán
      Benítez Bermúdez Blanco Blasco Bravo Caballero Cabrera Calderón Calvo Campos Cano Carmona Carrasco Carrera Casado
      Castillo Castro Cisneros Contreras Cordero Cortés Crespo Cruz Cuevas Delgado Díaz Diez Domínguez Duarte Durán Escobar
      Esparza Espinosa Esteban Fajardo Fernández Ferrer Figueroa Flores Franco Fuentes Gallardo Gallego García Garrido Gil
      Giménez Godoy Gómez González Gracia Guerrero Guillén Gutiérrez Guzmán Heredia Hernández Herrera Hidalgo Ibáñez
      Iglesias Izquierdo Jiménez Juárez Lara León López Lozano Luna Macías Maldonado Marín Márquez Martín Martínez Medina
      Méndez Mendoza Merino Miranda Molina Montero Montoya Mora Morales Moreno Moya Muñoz Navarro Nieto Núñez Ochoa Ojeda
      Olivares Ortega Ortiz Otero Pacheco Padilla Palacios Pardo Parra Pascual Pastor Peña Peralta Pérez Pineda Ponce Prieto
      Quintana Ramírez Ramos Redondo Rey Reyes Ríos Rivas Rivera Robles Rodríguez Rojas Román Romero Rosales Rubio Ruiz
      Salas Salazar Salinas Sánchez Sandoval Santana Santiago Santos Sanz Segura Serrano Sierra Silva Solís Soto Suárez
      Tejada Toledo Torres Trujillo Urbina Valencia Valverde Vargas Vázquez Vega Velasco Vera Vicente Vidal Villa Zamora
    ]],
    prefixes = { female = { "Sra.", "Srta.", "Dra." }, male = { "Sr.", "Dr.", "Don" } },
    suffixes = {}, fullName = "{first} {last} {last}",
  },
  location = {
    countries = list.lines [[
      Alemania
      Argentina
      Australia
      Austria
      Bélgica
      Bolivia
      Brasil
      Bulgaria
      Canadá
      Chile
      China
      Colombia
      Corea del Sur
      Costa Rica
      Croacia
      Cuba
      Dinamarca
      Ecuador
      Egipto
      El Salvador
      Eslovenia
      España
      Estados Unidos
      Estonia
      Filipinas
      Finlandia
      Francia
      Grecia
      Guatemala
      Honduras
      Hungría
      India
      Irlanda
      Islandia
      Italia
      Japón
      Marruecos
      México
      Nicaragua
      Noruega
      Nueva Zelanda
      Países Bajos
      Panamá
      Paraguay
      Perú
      Polonia
      Portugal
      Reino Unido
      Suecia
      Suiza
      Turquía
      Uruguay
      Venezuela
    ]],
    states = {
      { name = "Andalucía", code = "AND" }, { name = "Aragón", code = "ARA" }, { name = "Asturias", code = "AST" },
      { name = "Canarias", code = "CAN" }, { name = "Cantabria", code = "CTB" }, { name = "Castilla y León", code = "CYL" },
      { name = "Castilla-La Mancha", code = "CLM" }, { name = "Cataluña", code = "CAT" }, { name = "Extremadura", code = "EXT" },
      { name = "Galicia", code = "GAL" }, { name = "Islas Baleares", code = "BAL" }, { name = "La Rioja", code = "RIO" },
      { name = "Madrid", code = "MAD" }, { name = "Murcia", code = "MUR" }, { name = "Navarra", code = "NAV" },
      { name = "País Vasco", code = "PVA" }, { name = "Valencia", code = "VAL" },
    },
    county = "Comarca de {city}",
    cities = list.lines [[
      A Coruña
      Albacete
      Alcalá de Henares
      Algeciras
      Alicante
      Almería
      Ávila
      Badajoz
      Barcelona
      Bilbao
      Burgos
      Cáceres
      Cádiz
      Cartagena
      Castellón
      Ceuta
      Ciudad Real
      Córdoba
      Cuenca
      Elche
      Gerona
      Gijón
      Granada
      Guadalajara
      Huelva
      Huesca
      Jaén
      Jerez
      León
      Lérida
      Logroño
      Lugo
      Madrid
      Málaga
      Marbella
      Murcia
      Orense
      Oviedo
      Palencia
      Palma
      Pamplona
      Pontevedra
      Salamanca
      San Sebastián
      Santander
      Santiago
      Segovia
      Sevilla
      Soria
      Tarragona
      Teruel
      Toledo
      Valencia
      Valladolid
      Vigo
      Vitoria
      Zamora
      Zaragoza
    ]],
    cityPatterns = { "{prefix} {last}", "{prefix} {last}", "{last} {suffix}" },
    cityPrefixes = { "San", "Villa", "Puerto", "Torre", "Valle", "Castillo de", "Monte" },
    citySuffixes = { "de la Sierra", "del Campo", "del Mar", "la Nueva", "de Arriba" },
    streetPatterns = { "{suffix} {name}", "{suffix} {name}", "{suffix} {first} {last}" },
    streetNames = list.lines [[
      Mayor
      Real
      Nueva
      del Sol
      de la Luna
      de la Iglesia
      de la Fuente
      de la Paz
      de la Constitución
      del Prado
      de los Olivos
      de las Flores
      del Molino
      del Puente
      de la Estación
      del Castillo
      de los Reyes
      de San Juan
      de Santa Ana
      del Mercado
    ]],
    streetSuffixes = { "Calle", "Calle", "Calle", "Avenida", "Plaza", "Paseo", "Camino", "Ronda", "Travesía" },
    numbers = { "!", "!#", "1#", "1##", "s/n." },
    secondary = { "#º A", "#º B", "Puerta ##", "Esc. ?" },
    zips = { "0!###", "1####", "2####", "3####", "4####" },
    address = "{street}, {number}", full = "{address}, {secondary}", postal = "{address}\n{zip} {city}",
  },
  phone = {
    human = { "9## ### ###", "9########", "6## ### ###", "+34 9## ### ###", "6##.###.###" },
    national = { "9## ### ###", "6## ### ###" }, international = { "+349########", "+346########" },
  },
  company = {
    suffixes = { "S.A.", "S.L.", "S.L.U.", "S.C.", "e Hijos", "y Asociados", "Grupo", "Hermanos" },
    patterns = { "{last} {suffix}", "{last} {suffix}", "{last} y {last}", "{last}, {last} y {last}" },
  },
}
