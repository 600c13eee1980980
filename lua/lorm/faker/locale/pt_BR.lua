-- Português do Brasil.
local list = require "lorm.faker.list"

return {
  person = {
    female = list.words [[
      Adriana Alessandra Alice Aline Amanda Ana Andréia Antônia Aparecida Beatriz Bianca Bruna Camila Carla Carolina Cecília
      Célia Clara Cláudia Cristiane Daniela Débora Denise Eduarda Elaine Eliane Elisa Emanuelly Esther Fabiana Fernanda
      Flávia Francisca Gabriela Giovanna Heloísa Ingrid Isabela Isadora Janaína Joana Joyce Júlia Juliana Karina Laís Lara
      Larissa Laura Lavínia Letícia Lívia Lorena Luana Lúcia Luciana Luísa Luiza Luzia Maitê Manuela Marcela Márcia Margarida
      Maria Mariana Marina Marta Melissa Mirela Mônica Natália Nicole Olívia Patrícia Paula Priscila Rafaela Raquel Rebeca
      Regina Renata Roberta Rosa Rosana Sabrina Sandra Sara Silvana Simone Sofia Sônia Stella Tânia Tatiana Teresa Thaís
      Valentina Valéria Vanessa Vera Vitória Viviane Yasmin
    ]],
    male = list.words [[
      Adriano Afonso Alberto Alessandro Alexandre Alfredo Anderson André Antônio Arthur Augusto Benício Benjamim Bernardo
      Breno Bruno Caio Calebe Carlos César Cláudio Cristiano Daniel Danilo Davi Diego Diogo Eduardo Elias Emanuel Enzo
      Erick Fábio Felipe Félix Fernando Flávio Francisco Frederico Gabriel Geraldo Gilberto Guilherme Gustavo Heitor
      Henrique Hugo Igor Isaac Ítalo João Joaquim Jorge José Juliano Júlio Kauã Leandro Leonardo Lorenzo Lucas Luciano Luís
      Luiz Manoel Marcelo Márcio Marcos Mário Matheus Maurício Miguel Murilo Natan Nelson Nicolas Noah Norberto Otávio Pablo
      Paulo Pedro Pietro Rafael Raul Renan Renato Ricardo Roberto Rodrigo Rogério Ronaldo Ryan Samuel Sérgio Silas Sílvio
      Thiago Tomás Valdir Vicente Victor Vinícius Vítor Wagner Wesley William Yuri
    ]],
    last = list.words [[
      Abreu Aguiar Albuquerque Almeida Alves Amaral Amorim Andrade Antunes Aragão Araújo Assis Azevedo Barbosa Barros Bastos
      Batista Bezerra Borges Braga Brandão Brito Bueno Cabral Caldas Camargo Campos Cardoso Carneiro Carvalho Castro
      Cavalcanti Cerqueira Coelho Cordeiro Corrêa Costa Coutinho Couto Cunha Dantas Dias Domingues Duarte Esteves Evangelista
      Faria Fernandes Ferraz Ferreira Figueiredo Fonseca Fontes Franco Freire Freitas Furtado Garcia Gomes Gonçalves Gouveia
      Guedes Guerra Guimarães Henriques Jardim Lacerda Leal Leite Lemos Lima Lopes Loureiro Macedo Machado Maciel Magalhães
      Maia Marques Martins Matos Medeiros Meireles Mello Mendes Menezes Mesquita Miranda Monteiro Moraes Moreira Mota Moura
      Muniz Nascimento Neves Nogueira Nunes Oliveira Pacheco Paiva Peixoto Pereira Peres Pessoa Pimentel Pinheiro Pinto Pires
      Porto Prado Queiroz Ramos Rangel Reis Rezende Ribeiro Rocha Rodrigues Sá Sales Salgado Sampaio Santana Santiago Santos
      Saraiva Serra Silva Silveira Simões Siqueira Soares Souza Tavares Teixeira Teles Toledo Torres Trindade Valente Vargas
      Vasconcelos Vaz Viana Vidal Vieira Vilela Xavier
    ]],
    prefixes = { female = { "Sra.", "Srta.", "Dra." }, male = { "Sr.", "Dr." } },
    suffixes = { "Filho", "Neto", "Júnior", "Sobrinho" }, fullName = "{first} {last}",
  },
  location = {
    countries = list.lines [[
      África do Sul
      Alemanha
      Angola
      Argentina
      Austrália
      Áustria
      Bélgica
      Bolívia
      Brasil
      Bulgária
      Cabo Verde
      Canadá
      Chile
      China
      Colômbia
      Coreia do Sul
      Croácia
      Dinamarca
      Egito
      Equador
      Espanha
      Estados Unidos
      Estônia
      Filipinas
      Finlândia
      França
      Grécia
      Holanda
      Hungria
      Índia
      Irlanda
      Islândia
      Itália
      Japão
      Marrocos
      México
      Moçambique
      Noruega
      Nova Zelândia
      Paraguai
      Peru
      Polônia
      Portugal
      Reino Unido
      Romênia
      Suécia
      Suíça
      Turquia
      Uruguai
      Venezuela
    ]],
    states = {
      { name = "Acre", code = "AC" }, { name = "Alagoas", code = "AL" }, { name = "Amapá", code = "AP" },
      { name = "Amazonas", code = "AM" }, { name = "Bahia", code = "BA" }, { name = "Ceará", code = "CE" },
      { name = "Distrito Federal", code = "DF" }, { name = "Espírito Santo", code = "ES" }, { name = "Goiás", code = "GO" },
      { name = "Maranhão", code = "MA" }, { name = "Mato Grosso", code = "MT" }, { name = "Mato Grosso do Sul", code = "MS" },
      { name = "Minas Gerais", code = "MG" }, { name = "Pará", code = "PA" }, { name = "Paraíba", code = "PB" },
      { name = "Paraná", code = "PR" }, { name = "Pernambuco", code = "PE" }, { name = "Piauí", code = "PI" },
      { name = "Rio de Janeiro", code = "RJ" }, { name = "Rio Grande do Norte", code = "RN" },
      { name = "Rio Grande do Sul", code = "RS" }, { name = "Rondônia", code = "RO" }, { name = "Roraima", code = "RR" },
      { name = "Santa Catarina", code = "SC" }, { name = "São Paulo", code = "SP" }, { name = "Sergipe", code = "SE" },
      { name = "Tocantins", code = "TO" },
    },
    county = "Comarca de {city}",
    cities = list.lines [[
      Anápolis
      Aracaju
      Bauru
      Belém
      Belo Horizonte
      Blumenau
      Boa Vista
      Brasília
      Campina Grande
      Campinas
      Campo Grande
      Caruaru
      Cascavel
      Caxias do Sul
      Cuiabá
      Curitiba
      Diadema
      Feira de Santana
      Florianópolis
      Fortaleza
      Goiânia
      Guarulhos
      Imperatriz
      João Pessoa
      Joinville
      Juiz de Fora
      Londrina
      Macapá
      Maceió
      Manaus
      Maringá
      Mossoró
      Natal
      Niterói
      Olinda
      Osasco
      Palmas
      Pelotas
      Petrolina
      Porto Alegre
      Porto Velho
      Recife
      Ribeirão Preto
      Rio Branco
      Rio de Janeiro
      Salvador
      Santos
      São Luís
      São Paulo
      Sorocaba
      Teresina
      Uberaba
      Uberlândia
      Vitória
      Volta Redonda
    ]],
    cityPatterns = { "{prefix} {last}", "{prefix} {last}", "{last} {suffix}" },
    cityPrefixes = { "Vila", "Nova", "Santa", "Porto", "Campo", "Barra do", "Serra do" },
    citySuffixes = { "do Norte", "do Sul", "da Serra", "do Oeste", "Paulista" },
    streetPatterns = { "{suffix} {name}", "{suffix} {first} {last}", "{suffix} {last}" },
    streetNames = list.lines [[
      das Acácias
      das Flores
      das Palmeiras
      do Comércio
      da Paz
      da Liberdade
      da Independência
      das Laranjeiras
      do Sol
      dos Ipês
      da Matriz
      da Estação
      Sete de Setembro
      Quinze de Novembro
      dos Pescadores
      do Ouro
    ]],
    streetSuffixes = { "Rua", "Rua", "Rua", "Avenida", "Travessa", "Alameda", "Praça", "Rodovia" },
    numbers = { "!#", "!##", "1##", "1###", "s/n" },
    secondary = { "Apto. ###", "Bloco ?", "Casa #", "Sobrado ##" },
    zips = { "#####-###" },
    address = "{street}, {number}", full = "{address}, {secondary}", postal = "{address}\n{city} - {state}\n{zip}",
  },
  phone = {
    human = { "(!!) 9!###-####", "(!!) !###-####", "+55 (!!) 9!###-####", "!! 9!###-####" },
    national = { "(!!) 9!###-####", "(!!) !###-####" }, international = { "+55!!9!#######" },
  },
  company = {
    suffixes = { "S.A.", "Ltda.", "ME", "EIRELI", "e Filhos", "e Associados", "Comércio", "Grupo" },
    patterns = { "{last} {suffix}", "{last} {suffix}", "{last} e {last}", "{last}, {last} e {last}" },
  },
}
